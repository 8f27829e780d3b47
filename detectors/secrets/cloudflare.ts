import { prefixedToken } from '../prefixed-token.ts';

export default [
  prefixedToken({
    id: 'cloudflare-api-token',
    name: 'Cloudflare API token',
    issuer: 'cloudflare',
    severity: 'high',
    shapes: ["'cfut_' base64url:40-64", "'cfat_' base64url:40-64"],
  }),
  prefixedToken({
    id: 'cloudflare-origin-ca-key',
    name: 'Cloudflare Origin CA key',
    issuer: 'cloudflare',
    severity: 'high',
    shapes: ["'v1.0-' hex:24 '-' hex:146"],
  }),
];
