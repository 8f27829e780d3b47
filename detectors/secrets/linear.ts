import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'linear-api-key',
  name: 'Linear API key',
  issuer: 'linear',
  severity: 'high',
  shapes: ["'lin_api_' alnum:40", "'lin_oauth_' alnum:64"],
});
