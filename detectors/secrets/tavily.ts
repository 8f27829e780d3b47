import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'tavily-api-key',
  name: 'Tavily API key',
  issuer: 'tavily',
  severity: 'medium',
  shapes: ["'tvly-' base64url:32-40"],
});
