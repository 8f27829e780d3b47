import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'square-credential',
  name: 'Square access token or secret',
  issuer: 'square',
  severity: 'critical',
  shapes: ["'EAAA' base64any:60", "'sq0csp-' base64url:43", "'sq0atp-' base64url:22"],
});
