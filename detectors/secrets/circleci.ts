import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'circleci-token',
  name: 'CircleCI personal or project token',
  issuer: 'circleci',
  severity: 'high',
  shapes: ["'CCIPAT_' alnum:22 '_' xhex:40", "'CCIPRJ_' alnum:22 '_' xhex:40"],
});
