import type { Detector, Verdict } from '../detector.ts';
import { parseIpv4, parseIpv6 } from '../validators/ip-address.ts';
import { accept } from '../validators/verdict.ts';

/** Nobody's address unless words or a column say otherwise: a version, a mask, this host, a public resolver. */
const NOBODYS = -6;
/** Reserved for documentation: an address only where words or a column say so, since nobody is behind it. */
const DOCUMENTATION = -6;
const PUBLIC_RESOLVERS = new Set(['8.8.8.8', '8.8.4.4', '1.1.1.1', '1.0.0.1', '9.9.9.9']);

function validateV4(value: string): Verdict | null {
  const octets = parseIpv4(value);
  if (octets === null) return null;
  const [a, b, c, d] = octets;
  // RFC 5737: TEST-NET-1 to 3.
  const isTestNet =
    (a === 192 && b === 0 && c === 2) || (a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113);
  if (isTestNet) return accept('rfc791', value, DOCUMENTATION);
  const looksLikeVersion = a < 30 && b < 30 && c < 30 && d < 30;
  if (a === 0 || a === 127 || a === 255 || looksLikeVersion || PUBLIC_RESOLVERS.has(value)) {
    return accept('rfc791', value, NOBODYS);
  }
  return accept('rfc791', value, isPrivate(a, b) ? 2 : 0);
}

/** RFC 1918 and link-local. */
function isPrivate(a: number, b: number): boolean {
  return a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254);
}

function validateV6(value: string): Verdict | null {
  const groups = parseIpv6(value);
  if (groups === null) return null;
  const normalized = groups.map((group) => group.toString(16)).join(':');
  // RFC 3849 and RFC 9637: documentation prefixes.
  if ((groups[0] === 0x2001 && groups[1] === 0xdb8) || groups[0] === 0x3fff)
    return accept('rfc4291', normalized, DOCUMENTATION);
  const written = groups.filter((group) => group !== 0).length;
  // `1::`, `a::b` and eight pairs of digits are more often code, times and hardware addresses.
  const isDoubtful = written < 3 || value.length === 23;
  return accept('rfc4291', normalized, isDoubtful ? -8 : 0);
}

const common = {
  entity: 'IP_ADDRESS',
  category: 'pii',
  severity: 'low',
  level: 'internal',
  fix: 'Truncate or tokenise addresses of people; addresses of your own hosts may stay.',
} satisfies Partial<Detector>;

const context = {
  strong: [
    'ip',
    'ip address',
    'ipv4',
    'ipv6',
    'ip addr',
    'client ip',
    'remote addr',
    'adresse ip',
    'ip adresse',
    'ip地址',
    'v6地址',
  ],
  weak: ['address', 'host', 'server', 'subnet', 'gateway', 'client', 'remote', 'login from', 'ping', 'tunnel', 'port'],
  against: [
    'version',
    'release',
    'oid',
    'section',
    'chrome',
    'firefox',
    'build',
    'netmask',
    'snmp',
    'firmware',
    'assembly',
  ],
  columns: [
    'ip',
    'ip_address',
    'ipaddress',
    'ip_addr',
    'ipv4',
    'ipv6',
    'client_ip',
    'remote_addr',
    'remote_ip',
    'source_ip',
    'src_ip',
    'dst_ip',
    'destination_ip',
    'src_addr',
    'dst_addr',
    'user_ip',
    'last_login_ip',
  ],
  columnsAgainst: [
    'version',
    'release',
    'build',
    'firmware',
    'netmask',
    'oid',
    'user_agent',
    'useragent',
    'mac',
    'mac_address',
  ],
};

export default [
  {
    ...common,
    id: 'ipv4-address',
    name: 'IPv4 address',
    source: 'RFC 791; RFC 6890',
    triggers: [{ digits: ['#.#.#.#'] }],
    maxLength: 15,
    edges: 'number',
    validate: validateV4,
    bits: 3,
    // No `randomPass`: versions of four parts pass as addresses do, so that a column of them would prove itself.
    context,
    examples: [
      (random) => `login from 87.${random.int(256)}.${random.int(256)}.7`,
      (random) => `{"client_ip":"10.${random.int(256)}.0.${random.int(256)}"}`,
    ],
    counterExamples: {
      'an octet is over 255': (random) => `client ip 300.${random.int(256)}.1.1`,
      'a version has low numbers': "'upgraded to 2.11.1.1 yesterday'",
      'a version of a browser': "'Chrome/87.0.4280.88'",
      'one of five groups': "'oid 101.87.64.53.12'",
      'reserved for documentation': "'see 192.0.2.17 in the manual'",
    },
  },
  {
    ...common,
    id: 'ipv6-address',
    name: 'IPv6 address',
    source: 'RFC 4291',
    triggers: [
      { sequence: 'h::', at: 'inside' },
      { sequence: '::h', at: 'inside' },
      { sequence: 'h:hhhh:hhhh:', at: 'inside' },
      { sequence: 'h:h:h:h:', at: 'inside' },
    ],
    pattern:
      '(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|[0-9A-Fa-f]{0,4})(?:%[0-9A-Za-z]{1,15})?',
    maxLength: 61,
    edges: 'number',
    validate: (value) => validateV6(value.split('%')[0] as string),
    bits: 6,
    context,
    examples: [
      (random) => `client ip 2a02:${random.chars('hex', 4)}:1${random.chars('hex', 3)}::5:1`,
      (random) =>
        `connected to 2a00:1${random.chars('hex', 3)}:4${random.chars('hex', 3)}:8${random.chars('hex', 3)}:1:2:3:4 again`,
    ],
    counterExamples: {
      'scope operator of a programming language': "'std::cout << a::b::c'",
      'two gaps': "'ipv6 12::44:f:45::1'",
      'five digits in a group': "'ipv6 12345:db8::1'",
      'a short form without a word beside it': "'at 12::30 sharp'",
      'reserved for documentation': "'see 2001:db8::17 in the manual'",
    },
  },
] satisfies Detector[];
