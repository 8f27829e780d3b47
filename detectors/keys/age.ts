import { prefixedToken } from '../prefixed-token.ts';

export default {
  ...prefixedToken({
    id: 'age-secret-key',
    name: 'age secret key',
    issuer: 'age',
    severity: 'critical',
    shapes: ["'AGE-SECRET-KEY-1' ualnum:58", "'AGE-SECRET-KEY-PQ-1' ualnum:58"],
    fix: 'Encrypt the files again to a new recipient and delete the key.',
    source: 'https://age-encryption.org/v1',
    bits: 8,
  }),
  category: 'key' as const,
};
