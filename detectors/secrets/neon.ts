import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'neon-api-key',
  name: 'Neon API key',
  issuer: 'neon',
  severity: 'high',
  shapes: ["'napi_' alnum:64"],
});
