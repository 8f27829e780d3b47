import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'alibaba-access-key-id',
  name: 'Alibaba Cloud access key id',
  issuer: 'alibaba',
  severity: 'high',
  shapes: ["'LTAI' alnum:12-21"],
});
