import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'mapbox-secret-token',
  name: 'Mapbox secret token',
  issuer: 'mapbox',
  severity: 'high',
  shapes: ["'sk.eyJ1' base64url:30-200 '.' base64url:22"],
});
