import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'valtown-api-token',
  name: 'Val Town API token',
  issuer: 'valtown',
  severity: 'medium',
  shapes: ["'vtwn_' base64url:20-80"],
});
