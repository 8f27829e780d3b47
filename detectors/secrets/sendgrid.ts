import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'sendgrid-api-key',
  name: 'SendGrid API key',
  issuer: 'sendgrid',
  severity: 'critical',
  shapes: ["'SG.' base64url:20-24 '.' base64url:39-50"],
  bits: 7,
  fix: 'Delete the API key in SendGrid: anyone can send mail in your name with it.',
  source: 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
  build: "'SG.' base64url:22 '.' base64url:42 alnum:1",
  counterExamples: { 'another case': "'sg.' base64url:22 '.' base64url:43" },
});
