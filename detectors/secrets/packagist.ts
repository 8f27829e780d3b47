import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'packagist-token',
  name: 'Packagist API token',
  issuer: 'packagist',
  severity: 'high',
  shapes: [
    "'packagist_uut_' hex:68",
    "'packagist_ust_' hex:68",
    "'packagist_oat_' hex:68",
    "'packagist_ort_' hex:68",
    "'packagist_out_' hex:68",
    "'packagist_ast_' hex:68",
  ],
});
