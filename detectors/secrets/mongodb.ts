import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'mongodb-service-account-secret',
  name: 'MongoDB Atlas service account secret',
  issuer: 'mongodb',
  severity: 'critical',
  shapes: ["'mdb_sa_sk_' base64url:40"],
});
