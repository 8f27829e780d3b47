import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'twitter-bearer-token',
  name: 'Twitter bearer token',
  issuer: 'twitter',
  severity: 'high',
  shapes: ["'AAAAAAAAAAAAAAAAAAAAA' [0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%]:60-110"],
});
