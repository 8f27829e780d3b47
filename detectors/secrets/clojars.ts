import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'clojars-deploy-token',
  name: 'Clojars deploy token',
  issuer: 'clojars',
  severity: 'high',
  shapes: ["'CLOJARS_' alnum:60"],
});
