import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'mergify-application-key',
  name: 'Mergify application key',
  issuer: 'mergify',
  severity: 'medium',
  shapes: ["'mergify_application_key_' base64url:40-200"],
});
