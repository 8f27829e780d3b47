import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'cerebras-api-key',
  name: 'Cerebras API key',
  issuer: 'cerebras',
  severity: 'high',
  shapes: ["'csk-' alnum:48"],
});
