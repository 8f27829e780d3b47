import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'replicate-api-token',
  name: 'Replicate API token',
  issuer: 'replicate',
  severity: 'high',
  shapes: ["'r8_' base64url:37"],
});
