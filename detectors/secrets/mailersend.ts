import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'mailersend-api-token',
  name: 'MailerSend API token',
  issuer: 'mailersend',
  severity: 'high',
  shapes: ["'mlsn.' hex:64"],
});
