import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'grafana-cloud-token',
  name: 'Grafana Cloud access policy token',
  issuer: 'grafana',
  severity: 'high',
  shapes: ["'glc_eyJ' base64any:60-400", "'glc_' base64any:32-400"],
});
