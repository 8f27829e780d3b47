import { prefixedToken } from '../prefixed-token.ts';

export default [
  prefixedToken({
    id: '1password-service-account-token',
    name: '1Password service account token',
    issuer: '1password',
    severity: 'critical',
    shapes: ["'ops_eyJ' base64any:250-900"],
  }),
  prefixedToken({
    id: '1password-secret-key',
    name: '1Password secret key',
    issuer: '1password',
    severity: 'critical',
    shapes: [
      "'A3-' ualnum:6 '-' ualnum:11 '-' ualnum:5 '-' ualnum:5 '-' ualnum:5",
      "'A3-' ualnum:6 '-' ualnum:6 '-' ualnum:5 '-' ualnum:5 '-' ualnum:5 '-' ualnum:5",
    ],
  }),
];
