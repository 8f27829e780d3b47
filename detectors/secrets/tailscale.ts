import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'tailscale-key',
  name: 'Tailscale key',
  issuer: 'tailscale',
  severity: 'high',
  shapes: [
    "'tskey-auth-' alnum:8-20 '-' alnum:16-40",
    "'tskey-api-' alnum:8-20 '-' alnum:16-40",
    "'tskey-client-' alnum:8-20 '-' alnum:16-40",
  ],
});
