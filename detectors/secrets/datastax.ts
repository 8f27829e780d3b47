import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'datastax-astra-token',
  name: 'DataStax Astra application token',
  issuer: 'datastax',
  severity: 'high',
  shapes: ["'AstraCS:' alnum:20-24 ':' hex:64", "'AstraCS:' alnum:20-100"],
});
