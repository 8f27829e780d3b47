import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'devcycle-sdk-key',
  name: 'DevCycle SDK key',
  issuer: 'devcycle',
  severity: 'medium',
  shapes: ["'dvc_server_' word:8-60", "'dvc_client_' word:8-60", "'dvc_mobile_' word:8-60"],
});
