import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'openrouter-api-key',
  name: 'OpenRouter API key',
  issuer: 'openrouter',
  severity: 'high',
  shapes: ["'sk-or-v1-' hex:64"],
});
