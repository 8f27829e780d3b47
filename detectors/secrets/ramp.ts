import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'ramp-client-secret',
  name: 'Ramp client secret',
  issuer: 'ramp',
  severity: 'critical',
  shapes: ["'ramp_sec_' alnum:48"],
});
