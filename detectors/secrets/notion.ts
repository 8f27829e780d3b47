import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'notion-token',
  name: 'Notion integration token',
  issuer: 'notion',
  severity: 'high',
  shapes: ["'ntn_' digit:9-11 base64url:35-100"],
});
