import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'tencent-secret-id',
  name: 'Tencent Cloud secret id',
  issuer: 'tencent',
  severity: 'high',
  shapes: ["'AKID' alnum:32"],
});
