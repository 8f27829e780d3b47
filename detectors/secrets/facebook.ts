import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'facebook-access-token',
  name: 'Facebook access token',
  issuer: 'facebook',
  severity: 'high',
  shapes: ["'EAAM' alnum:80-400", "'EAAC' alnum:80-400", "'EAA' alnum:100-400"],
});
