import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'databricks-access-token',
  name: 'Databricks access token',
  issuer: 'databricks',
  severity: 'critical',
  shapes: ["'dapi' hex:32"],
});
