import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'hubspot-private-app-token',
  name: 'HubSpot private app token',
  issuer: 'hubspot',
  severity: 'high',
  shapes: ["'pat-na1-' uuid", "'pat-eu1-' uuid", "'pat-na2-' uuid", "'pat-ap1-' uuid"],
});
