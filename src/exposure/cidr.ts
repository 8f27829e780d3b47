/** Ranges that belong to no one on the internet (RFC 1918). */
const PRIVATE_V4 = [
  { base: 0x0a000000, bits: 8 },
  { base: 0xac100000, bits: 12 },
  { base: 0xc0a80000, bits: 16 },
];
const WIDEST = { v4: 8, v6: 32 };

/**
 * Is this `aws:SourceIp` value a fixed network? An address or a CIDR of at most /8 (IPv4) or /32 (IPv6); RFC 1918 is
 * always fixed. Text that is no address matches nothing and is no fixed network either.
 */
export function isFixedNetwork(text: string): boolean {
  const [address = '', suffix, ...rest] = text.split('/');
  if (rest.length > 0 || (suffix !== undefined && !/^\d{1,3}$/.test(suffix))) return false;
  const v4 = parseV4(address);
  if (v4 !== null) {
    const bits = suffix === undefined ? 32 : Number(suffix);
    return bits <= 32 && (bits >= WIDEST.v4 || isPrivate(v4, bits));
  }
  if (!/^[0-9a-f:.]+$/i.test(address) || !address.includes(':')) return false;
  const bits = suffix === undefined ? 128 : Number(suffix);
  return bits >= WIDEST.v6 && bits <= 128;
}

function isPrivate(address: number, bits: number): boolean {
  return PRIVATE_V4.some(
    (range) => bits >= range.bits && address >>> (32 - range.bits) === range.base >>> (32 - range.bits),
  );
}

function parseV4(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0) >>> 0;
}
