import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'ai71-api-key',
  name: 'AI71 API key',
  issuer: 'ai71',
  severity: 'medium',
  shapes: ["'ai71-api-' uuid"],
});
