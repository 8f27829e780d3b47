import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'perplexity-api-key',
  name: 'Perplexity API key',
  issuer: 'perplexity',
  severity: 'high',
  shapes: ["'pplx-' base64url:40-64"],
});
