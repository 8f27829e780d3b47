import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'unkey-root-key',
  name: 'Unkey root key',
  issuer: 'unkey',
  severity: 'medium',
  shapes: ["'unkey_' alnum:20-32"],
});
