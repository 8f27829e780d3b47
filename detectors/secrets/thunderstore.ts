import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'thunderstore-api-token',
  name: 'Thunderstore API token',
  issuer: 'thunderstore',
  severity: 'low',
  shapes: ["'tss_' base64url:20-80"],
});
