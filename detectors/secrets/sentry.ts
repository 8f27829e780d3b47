import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'sentry-auth-token',
  name: 'Sentry auth token',
  issuer: 'sentry',
  severity: 'high',
  shapes: [
    "'sntrys_eyJ' base64any:80-500 '_' base64any:43",
    "'sntrys_' base64any:80-500",
    "'sntryu_' hex:64",
    "'sntryi_' hex:64",
  ],
});
