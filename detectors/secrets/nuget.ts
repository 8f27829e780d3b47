import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'nuget-api-key',
  name: 'NuGet API key',
  issuer: 'nuget',
  severity: 'critical',
  shapes: ["'oy2' lalnum:43"],
});
