import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'harness-access-token',
  name: 'Harness access token',
  issuer: 'harness',
  severity: 'high',
  shapes: ["'pat.' base64url:22 '.' hex:24 '.' alnum:20", "'sat.' base64url:22 '.' hex:24 '.' alnum:20"],
});
