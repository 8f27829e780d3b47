import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'shopify-access-token',
  name: 'Shopify access token or shared secret',
  issuer: 'shopify',
  severity: 'critical',
  shapes: ["'shpat_' xhex:32", "'shpca_' xhex:32", "'shppa_' xhex:32", "'shpss_' xhex:32"],
});
