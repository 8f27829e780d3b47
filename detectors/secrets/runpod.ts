import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'runpod-api-key',
  name: 'RunPod API key',
  issuer: 'runpod',
  severity: 'high',
  shapes: ["'rpa_' ualnum:40 alnum:6"],
});
