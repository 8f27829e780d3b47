import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'planetscale-credential',
  name: 'PlanetScale password, token or OAuth token',
  issuer: 'planetscale',
  severity: 'critical',
  shapes: ["'pscale_pw_' dotted:32-64", "'pscale_tkn_' dotted:32-64", "'pscale_oauth_' dotted:32-64"],
});
