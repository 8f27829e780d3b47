/** The four octets of a dotted address, or null: 0 to 255 each, no leading zeros. */
export function parseIpv4(text: string): readonly [number, number, number, number] | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const octets = parts.map((part) =>
    part.length === 0 || part.length > 3 || (part.length > 1 && part.startsWith('0')) ? 256 : Number(part),
  );
  if (!octets.every((octet) => octet >= 0 && octet <= 255)) return null;
  return octets as [number, number, number, number] & number[];
}

/** The eight 16-bit groups of an IPv6 address (RFC 4291 section 2.2: full, compressed, dotted end), or null. */
export function parseIpv6(text: string): number[] | null {
  const gap = text.indexOf('::');
  if (gap !== text.lastIndexOf('::')) return null;
  if (gap < 0) {
    const groups = parseGroups(text, true);
    return groups?.length === 8 ? groups : null;
  }
  const head = parseGroups(text.slice(0, gap), false);
  const tail = parseGroups(text.slice(gap + 2), true);
  if (head === null || tail === null || head.length + tail.length > 7) return null;
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function parseGroups(text: string, mayEndDotted: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (mayEndDotted && index === parts.length - 1 && part.includes('.')) {
      const octets = parseIpv4(part);
      if (octets === null) return null;
      groups.push(octets[0] * 256 + octets[1], octets[2] * 256 + octets[3]);
    } else {
      if (part.length === 0 || part.length > 4 || !isHex(part)) return null;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function isHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) | 32;
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}
