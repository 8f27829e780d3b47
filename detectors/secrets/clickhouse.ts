import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'clickhouse-api-secret',
  name: 'ClickHouse Cloud API secret',
  issuer: 'clickhouse',
  severity: 'high',
  shapes: ["'4b1d' alnum:38"],
});
