import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'rubygems-api-key',
  name: 'RubyGems API key',
  issuer: 'rubygems',
  severity: 'critical',
  shapes: ["'rubygems_' hex:48"],
});
