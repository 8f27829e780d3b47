import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'apify-api-token',
  name: 'Apify API token',
  issuer: 'apify',
  severity: 'medium',
  shapes: ["'apify_api_' base64url:34-38"],
});
