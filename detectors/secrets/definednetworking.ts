import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'definednetworking-api-key',
  name: 'Defined Networking API key',
  issuer: 'definednetworking',
  severity: 'medium',
  shapes: ["'dnkey-' base64url:26 '-' base64url:52"],
});
