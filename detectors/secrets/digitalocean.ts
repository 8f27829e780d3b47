import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'digitalocean-token',
  name: 'DigitalOcean access, OAuth or refresh token',
  issuer: 'digitalocean',
  severity: 'critical',
  shapes: ["'dop_v1_' hex:64", "'doo_v1_' hex:64", "'dor_v1_' hex:64"],
});
