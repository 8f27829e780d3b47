import { prefixedToken } from '../prefixed-token.ts';

export default [
  prefixedToken({
    id: 'newrelic-api-key',
    name: 'New Relic API key',
    issuer: 'newrelic',
    severity: 'high',
    shapes: ["'NRAK-' alnum:27", "'NRII-' base64url:25-32", "'NRIQ-' base64url:25-32"],
  }),
  prefixedToken({
    id: 'newrelic-browser-key',
    name: 'New Relic browser key',
    issuer: 'newrelic',
    severity: 'low',
    shapes: ["'NRJS-' hex:19"],
  }),
];
