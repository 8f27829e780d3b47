import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'resend-api-key',
  name: 'Resend API key',
  issuer: 'resend',
  severity: 'high',
  shapes: ["'re_' alnum:8 '_' alnum:24"],
});
