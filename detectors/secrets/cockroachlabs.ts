import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'cockroachlabs-service-account-key',
  name: 'CockroachDB Cloud service account key',
  issuer: 'cockroachlabs',
  severity: 'critical',
  shapes: ["'CCDB1_' alnum:22 '_' alnum:40"],
});
