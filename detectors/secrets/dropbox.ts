import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'dropbox-access-token',
  name: 'Dropbox access token',
  issuer: 'dropbox',
  severity: 'high',
  shapes: ["'sl.' dotted:77-1000"],
});
