import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'nvidia-api-key',
  name: 'NVIDIA API key',
  issuer: 'nvidia',
  severity: 'high',
  shapes: ["'nvapi-' base64url:60-70"],
});
