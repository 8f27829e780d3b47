import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'ionic-api-token',
  name: 'Ionic API token',
  issuer: 'ionic',
  severity: 'medium',
  shapes: ["'ion_' alnum:42"],
});
