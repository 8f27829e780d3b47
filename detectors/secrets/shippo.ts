import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'shippo-api-token',
  name: 'Shippo API token',
  issuer: 'shippo',
  severity: 'medium',
  shapes: ["'shippo_live_' hex:40", "'shippo_test_' hex:40"],
});
