import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'elastic-cloud-api-key',
  name: 'Elastic Cloud API key',
  issuer: 'elastic',
  severity: 'high',
  shapes: ["'essu_' base64any:60-200"],
});
