import type { Detector, Verdict } from '../detector.ts';
import { accept } from '../validators/verdict.ts';

/** In manuals and tutorials: believed only where words or a column name a hardware address. */
const PUBLISHED = new Set([
  '0123456789ab',
  '001122334455',
  'aabbccddeeff',
  '010203040506',
  'deadbeefcafe',
  '123456789abc',
]);

/** Six (EUI-48) or eight (EUI-64) octets with one kind of separator throughout. */
function validate(value: string): Verdict | null {
  const isDotted = value.charAt(4) === '.';
  const separator = isDotted ? '.' : value.charAt(2);
  const parts = value.split(separator);
  const size = isDotted ? 4 : 2;
  const octets = (parts.length * size) / 2;
  if ((octets !== 6 && octets !== 8) || parts.some((part) => part.length !== size)) return null;
  const normalized = parts.join('').toLowerCase();
  if (new Set(normalized).size === 1) return { checks: [], normalized, suppressed: 'placeholder' };
  const isTime = octets === 6 && !hasLetter(normalized);
  return accept('eui', normalized, PUBLISHED.has(normalized) ? -7 : isTime ? -3 : 0);
}

function hasLetter(hex: string): boolean {
  for (const digit of hex) if (digit > '9') return true;
  return false;
}

export default {
  id: 'mac-address',
  name: 'MAC address',
  entity: 'MAC_ADDRESS',
  category: 'pii',
  severity: 'low',
  level: 'internal',
  fix: "Tokenise hardware addresses of people's devices.",
  source: 'IEEE 802, EUI-48 and EUI-64',
  triggers: [
    { sequence: 'hh:hh:hh:hh:', at: 'inside' },
    { sequence: 'hh-hh-hh-hh-', at: 'inside' },
    { sequence: 'hhhh.hhhh.hh', at: 'inside' },
  ],
  // Swallows whole fingerprints and dumps, so that no six pairs of one pass for an address.
  pattern: '[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5,63}|[0-9A-Fa-f]{4}(?:\\.[0-9A-Fa-f]{4}){2,15}',
  maxLength: 200,
  edges: 'token',
  validate,
  bits: 5,
  context: {
    strong: ['mac', 'mac address', 'hardware address', 'hwaddr', 'ethernet', 'bssid', 'ether', 'physical address'],
    weak: ['wifi', 'wlan', 'device', 'adapter', 'nic', 'router'],
    against: ['fingerprint', 'sha1', 'sha256', 'md5', 'guid', 'uuid', 'time'],
    columns: ['mac', 'mac_address', 'macaddress', 'mac_addr', 'bssid', 'hwaddr', 'device_mac', 'ethernet'],
    columnsAgainst: ['fingerprint', 'hash', 'guid', 'uuid', 'time'],
  },
  examples: [
    (random) => `bssid 3c:${random.chars('hex', 2)}:fb:${random.chars('hex', 2)}:d1:0e up`,
    (random) => `seen AC-${random.chars('HEX', 2)}-F1-0B-${random.chars('HEX', 2)}-9E at the gate`,
    (random) => `vlan 1 0c${random.chars('hex', 2)}.fb${random.chars('hex', 2)}.d10e dynamic`,
  ],
  counterExamples: {
    'twenty pairs are a fingerprint': (random) => Array.from({ length: 20 }, () => random.chars('hex', 2)).join(':'),
    'seven pairs': (random) => Array.from({ length: 7 }, () => random.chars('hex', 2)).join(':'),
    'two kinds of separator': "'mac 10:2f:33-ac-29-c3'",
    filler: "'mac ff:ff:ff:ff:ff:ff'",
    'from a manual': "'set to 01:23:45:67:89:ab now'",
  },
} satisfies Detector;
