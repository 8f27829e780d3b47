import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'typeform-access-token',
  name: 'Typeform access token',
  issuer: 'typeform',
  severity: 'medium',
  shapes: ["'tfp_' dotted:40-59"],
});
