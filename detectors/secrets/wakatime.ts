import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'wakatime-api-key',
  name: 'WakaTime API key',
  issuer: 'wakatime',
  severity: 'low',
  shapes: ["'waka_' uuid", "'waka_' alnum:36-40"],
});
