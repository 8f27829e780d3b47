import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'render-api-key',
  name: 'Render API key',
  issuer: 'render',
  severity: 'high',
  shapes: ["'rnd_' alnum:28"],
});
