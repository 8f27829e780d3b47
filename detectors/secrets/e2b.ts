import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'e2b-api-key',
  name: 'E2B API key',
  issuer: 'e2b',
  severity: 'medium',
  shapes: ["'e2b_' hex:40"],
});
