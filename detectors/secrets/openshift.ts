import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'openshift-access-token',
  name: 'OpenShift access token',
  issuer: 'openshift',
  severity: 'critical',
  shapes: ["'sha256~' base64url:43"],
});
