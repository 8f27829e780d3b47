import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'llamacloud-api-key',
  name: 'LlamaCloud API key',
  issuer: 'llamacloud',
  severity: 'high',
  shapes: ["'llx-' alnum:44-52"],
});
