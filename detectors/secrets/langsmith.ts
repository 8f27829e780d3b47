import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'langsmith-api-key',
  name: 'LangSmith API key',
  issuer: 'langsmith',
  severity: 'high',
  shapes: ["'lsv2_pt_' xhex:32 '_' xhex:10", "'lsv2_sk_' xhex:32 '_' xhex:10"],
});
