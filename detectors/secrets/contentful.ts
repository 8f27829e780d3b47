import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'contentful-personal-access-token',
  name: 'Contentful personal access token',
  issuer: 'contentful',
  severity: 'medium',
  shapes: ["'CFPAT-' base64url:43"],
});
