import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'canva-client-secret',
  name: 'Canva client secret',
  issuer: 'canva',
  severity: 'high',
  shapes: ["'cnvca' base64url:51"],
});
