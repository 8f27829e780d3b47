import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'elevenlabs-api-key',
  name: 'ElevenLabs API key',
  issuer: 'elevenlabs',
  severity: 'high',
  shapes: ["'sk_' hex:48"],
});
