import { prefixedToken } from '../prefixed-token.ts';
import { checksumVerdict } from '../validators/checksum-verdict.ts';
import { hexCrc32 } from '../validators/hex-crc32.ts';

export default prefixedToken({
  id: 'zuplo-api-key',
  name: 'Zuplo API key',
  issuer: 'zuplo',
  severity: 'medium',
  shapes: ["'zpka_' alnum:32 '_' hex:8"],
  build: (random) => {
    const body = random.chars('alnum', 32);
    return `zpka_${body}_${hexCrc32(body, false)}`;
  },
  validate: (value) => checksumVerdict(hexCrc32(value.slice(5, 37), false) === value.slice(-8), value.slice(0, 37), 5),
});
