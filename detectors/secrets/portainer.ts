import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'portainer-api-token',
  name: 'Portainer API token',
  issuer: 'portainer',
  severity: 'critical',
  shapes: ["'ptr_' base64any:20-60"],
  counterExamples: { 'a path': () => 'ptr_container/test/view-of-tree/serialize-and-load.cpp' },
});
