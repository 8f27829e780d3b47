import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'adobe-client-secret',
  name: 'Adobe client secret',
  issuer: 'adobe',
  severity: 'medium',
  shapes: ["'p8e-' [0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-]:32"],
});
