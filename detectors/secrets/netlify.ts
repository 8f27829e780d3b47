import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'netlify-access-token',
  name: 'Netlify access token',
  issuer: 'netlify',
  severity: 'high',
  shapes: ["'nfp_' word:36-48"],
});
