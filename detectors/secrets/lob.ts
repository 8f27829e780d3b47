import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'lob-api-key',
  name: 'Lob API key',
  issuer: 'lob',
  severity: 'medium',
  shapes: ["'live_' hex:35", "'test_' hex:35"],
});
