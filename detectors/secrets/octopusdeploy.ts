import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'octopusdeploy-api-key',
  name: 'Octopus Deploy API key',
  issuer: 'octopusdeploy',
  severity: 'high',
  shapes: ["'API-' ualnum:26-34"],
});
