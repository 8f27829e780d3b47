import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'lichess-access-token',
  name: 'Lichess access token',
  issuer: 'lichess',
  severity: 'low',
  shapes: ["'lip_' word:16-60"],
});
