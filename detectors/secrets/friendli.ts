import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'friendli-api-key',
  name: 'Friendli API key',
  issuer: 'friendli',
  severity: 'medium',
  shapes: ["'flp_' alnum:46"],
});
