import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'anyscale-api-key',
  name: 'Anyscale API key',
  issuer: 'anyscale',
  severity: 'high',
  shapes: ["'aph0_' base64url:40-120"],
});
