import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'deno-deploy-token',
  name: 'Deno Deploy access token',
  issuer: 'deno',
  severity: 'high',
  shapes: ["'ddp_' alnum:36", "'ddo_' alnum:36"],
});
