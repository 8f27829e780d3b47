import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'settlemint-access-token',
  name: 'SettleMint access token',
  issuer: 'settlemint',
  severity: 'high',
  shapes: ["'sm_pat_' alnum:16", "'sm_aat_' alnum:16", "'sm_sat_' alnum:16"],
});
