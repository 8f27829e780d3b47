import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'sourcegraph-access-token',
  name: 'Sourcegraph access token',
  issuer: 'sourcegraph',
  severity: 'high',
  shapes: ["'sgp_' xhex:16 '_' xhex:40", "'sgp_local_' xhex:40", "'sgp_' xhex:40", "'slk_' hex:64"],
});
