import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'prefect-api-key',
  name: 'Prefect API key',
  issuer: 'prefect',
  severity: 'high',
  shapes: ["'pnu_' alnum:36", "'pnb_' alnum:36"],
});
