import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'pinterest-access-token',
  name: 'Pinterest access token',
  issuer: 'pinterest',
  severity: 'medium',
  shapes: ["'pina_' base64url:20-200"],
});
