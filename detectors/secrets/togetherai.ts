import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'togetherai-api-key',
  name: 'Together AI API key',
  issuer: 'togetherai',
  severity: 'high',
  shapes: ["'tgp_v1_' base64url:43"],
});
