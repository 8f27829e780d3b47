import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'sonar-token',
  name: 'SonarQube token',
  issuer: 'sonar',
  severity: 'high',
  shapes: ["'squ_' lalnum:40", "'sqp_' lalnum:40", "'sqa_' lalnum:40"],
});
