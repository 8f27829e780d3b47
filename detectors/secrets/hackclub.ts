import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'hackclub-ai-key',
  name: 'Hack Club AI proxy key',
  issuer: 'hackclub',
  severity: 'low',
  shapes: ["'sk-hc-v1-' hex:64"],
});
