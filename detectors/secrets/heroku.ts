import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'heroku-api-key',
  name: 'Heroku API key',
  issuer: 'heroku',
  severity: 'critical',
  shapes: ["'HRKU-AA' base64url:58", "'HRKU-' base64url:60"],
});
