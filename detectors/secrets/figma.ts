import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'figma-access-token',
  name: 'Figma access token',
  issuer: 'figma',
  severity: 'high',
  shapes: ["'figd_' base64url:38-42", "'figu_' base64url:38-42", "'figo_' base64url:38-42"],
});
