import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'adafruit-io-key',
  name: 'Adafruit IO key',
  issuer: 'adafruit',
  severity: 'high',
  shapes: ["'aio_' alnum:28"],
});
