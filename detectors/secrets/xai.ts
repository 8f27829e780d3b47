import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'xai-api-key',
  name: 'xAI API key',
  issuer: 'xai',
  severity: 'high',
  shapes: ["'xai-' base64url:70-120"],
});
