import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'postman-api-key',
  name: 'Postman API key',
  issuer: 'postman',
  severity: 'high',
  shapes: ["'PMAK-' hex:24 '-' hex:34", "'PMAK-' alnum:24 '-' alnum:34"],
});
