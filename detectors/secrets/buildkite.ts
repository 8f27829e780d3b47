import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'buildkite-token',
  name: 'Buildkite API or agent token',
  issuer: 'buildkite',
  severity: 'high',
  shapes: ["'bkua_' alnum:40", "'bkaa_' alnum:40", "'bkct_' alnum:40"],
});
