import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'brevo-api-key',
  name: 'Brevo API or SMTP key',
  issuer: 'brevo',
  severity: 'high',
  shapes: ["'xkeysib-' hex:64 '-' base64url:16", "'xsmtpsib-' hex:64 '-' base64url:16"],
});
