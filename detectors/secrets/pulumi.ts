import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'pulumi-access-token',
  name: 'Pulumi access token',
  issuer: 'pulumi',
  severity: 'critical',
  shapes: ["'pul-' lalnum:40"],
});
