import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'duffel-access-token',
  name: 'Duffel access token',
  issuer: 'duffel',
  severity: 'medium',
  shapes: ["'duffel_live_' dotted:43", "'duffel_test_' dotted:43"],
});
