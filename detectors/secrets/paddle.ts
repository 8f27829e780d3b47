import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'paddle-api-key',
  name: 'Paddle API key',
  issuer: 'paddle',
  severity: 'high',
  shapes: [
    "'pdl_live_apikey_' lalnum:26 '_' alnum:22 '_' alnum:3",
    "'pdl_sdbx_apikey_' lalnum:26 '_' alnum:22 '_' alnum:3",
  ],
});
