import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'jina-api-key',
  name: 'Jina API key',
  issuer: 'jina',
  severity: 'medium',
  shapes: ["'jina_' alnum:60"],
});
