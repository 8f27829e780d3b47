import { prefixedToken } from '../prefixed-token.ts';

export default prefixedToken({
  id: 'yandex-api-key',
  name: 'Yandex Cloud API key',
  issuer: 'yandex',
  severity: 'high',
  shapes: ["'AQVN' base64url:35-38"],
});
