import { prefixedToken } from '../prefixed-token.ts';
import { base62Crc32, judgeBase62Crc32 } from '../validators/base62-crc32.ts';

export default prefixedToken({
  id: 'vercel-token',
  name: 'Vercel token',
  issuer: 'vercel',
  severity: 'high',
  shapes: [
    "'vcp_' base64url:50 alnum:6",
    "'vci_' base64url:50 alnum:6",
    "'vca_' base64url:50 alnum:6",
    "'vcr_' base64url:50 alnum:6",
    "'vck_' base64url:50 alnum:6",
  ],
  source: 'https://vercel.com/docs/rest-api#authentication',
  build: (random) => {
    const body = random.chars('base64url', 50);
    return `vcp_${body}${base62Crc32(body)}`;
  },
  validate: (value) => judgeBase62Crc32(value, 4),
});
