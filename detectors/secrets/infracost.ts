import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'infracost-api-token',
  name: 'Infracost API token',
  issuer: 'infracost',
  severity: 'medium',
  shapes: ["'ico-' alnum:32"],
});
