import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'salesforce-session-id',
  name: 'Salesforce session id',
  issuer: 'salesforce',
  severity: 'high',
  shapes: ["'00D' alnum:12-15 '!' dotted:80-260"],
});
