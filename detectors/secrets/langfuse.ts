import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'langfuse-secret-key',
  name: 'Langfuse secret key',
  issuer: 'langfuse',
  severity: 'high',
  shapes: ["'sk-lf-' uuid"],
});
