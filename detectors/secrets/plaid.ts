import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'plaid-access-token',
  name: 'Plaid access token',
  issuer: 'plaid',
  severity: 'critical',
  shapes: ["'access-production-' uuid", "'access-sandbox-' uuid", "'access-development-' uuid"],
});
