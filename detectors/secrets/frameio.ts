import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'frameio-api-token',
  name: 'Frame.io API token',
  issuer: 'frameio',
  severity: 'medium',
  shapes: ["'fio-u-' dotted:64"],
});
