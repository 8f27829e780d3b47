import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'groq-api-key',
  name: 'Groq API key',
  issuer: 'groq',
  severity: 'high',
  shapes: ["'gsk_' alnum:50-54"],
});
