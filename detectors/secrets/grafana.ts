import { prefixedToken } from '../prefixed-token.ts';
import { checksumVerdict } from '../validators/checksum-verdict.ts';
import { hexCrc32 } from '../validators/hex-crc32.ts';

export default [
  prefixedToken({
    id: 'grafana-cloud-token',
    name: 'Grafana Cloud access policy token',
    issuer: 'grafana',
    severity: 'high',
    shapes: ["'glc_eyJ' base64any:60-400", "'glc_' base64any:32-400"],
  }),
  prefixedToken({
    id: 'grafana-service-account-token',
    name: 'Grafana service account token',
    issuer: 'grafana',
    severity: 'high',
    shapes: ["'glsa_' alnum:32 '_' xhex:8"],
    source: 'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
    build: (random) => {
      const before = `glsa_${random.chars('alnum', 32)}`;
      return `${before}_${hexCrc32(before, true)}`;
    },
    validate: (value) => {
      const before = value.slice(0, -9);
      return checksumVerdict(hexCrc32(before, true) === value.slice(-8).toLowerCase(), before, 5);
    },
  }),
  prefixedToken({
    id: 'grafana-legacy-api-key',
    name: 'Grafana API key (legacy)',
    issuer: 'grafana',
    severity: 'medium',
    // Base64 of a JSON object whose first member is `k`.
    shapes: ["'eyJrIjoi' base64any:40-400"],
  }),
];
