import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'supabase-key',
  name: 'Supabase secret key or access token',
  issuer: 'supabase',
  severity: 'critical',
  shapes: ["'sb_secret_' base64url:31-36", "'sbp_' base64url:40"],
});
