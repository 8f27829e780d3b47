import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'flyio-api-token',
  name: 'Fly.io API token',
  issuer: 'flyio',
  severity: 'high',
  shapes: ["'fm1r_' base64any:80-1000", "'fm2_' base64any:80-1000", "'fm1a_' base64any:80-1000", "'fo1_' base64url:43"],
});
