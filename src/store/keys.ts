/**
 * Keys as bytes. UTF-8, where a lone surrogate (legal in a JavaScript string, not in UTF-8) takes the three bytes its
 * number would have: every string comes back as it was, order by bytes is order by code point, and 0xFF never occurs.
 */
export function encodeKey(key: string): Buffer {
  if (key.isWellFormed()) return Buffer.from(key, 'utf8');
  const parts: Buffer[] = [];
  for (const character of key) {
    const code = character.codePointAt(0) ?? 0;
    const isLone = code >= 0xd800 && code <= 0xdfff;
    parts.push(
      isLone ? Buffer.from([0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]) : Buffer.from(character, 'utf8'),
    );
  }
  return Buffer.concat(parts);
}

export function decodeKey(bytes: Buffer): string {
  let key = '';
  let from = 0;
  for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 3)) {
    const second = bytes[at + 1] ?? 0;
    if (second < 0xa0) continue; // U+D000 to U+D7FF
    key += bytes.toString('utf8', from, at);
    key += String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | ((bytes[at + 2] ?? 0) & 0x3f));
    from = at + 3;
  }
  return key + bytes.toString('utf8', from);
}

/**
 * Keys in listing order, each as what it shares with the one before and what is new:
 *
 * ```
 *   count | shared, length, bytes | shared, length, bytes | …      numbers as LEB128
 * ```
 */
export function frontCode(keys: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [numbers(keys.length)];
  let previous: Buffer = Buffer.alloc(0);
  for (const key of keys) {
    const most = Math.min(previous.length, key.length);
    let shared = 0;
    while (shared < most && previous[shared] === key[shared]) shared++;
    parts.push(numbers(shared, key.length - shared), key.subarray(shared));
    previous = key;
  }
  return Buffer.concat(parts);
}

/** The keys `frontCode` coded. */
export function frontDecode(bytes: Buffer): Buffer[] {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const keys: Buffer[] = [];
  let previous = Buffer.alloc(0);
  for (let left = number(); left > 0; left--) {
    const shared = number();
    const length = number();
    previous = Buffer.concat([previous.subarray(0, shared), bytes.subarray(at, at + length)]);
    at += length;
    keys.push(previous);
  }
  return keys;
}

function numbers(...values: number[]): Buffer {
  const bytes: number[] = [];
  for (let value of values) {
    for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
    bytes.push(value);
  }
  return Buffer.from(bytes);
}

/** An index entry holds at most 2,704 bytes; a key of a file system may be longer. */
const MAX_BOUND_BYTES = 512;
/** Above every key: no key holds this byte. */
const TOP = Buffer.from([0xff]);

/** Bytes no key of the range is below and above. They are the keys themselves, unless those are very long. */
export function keyRange(keys: readonly Buffer[]): { min: Buffer; max: Buffer } {
  let [min = Buffer.alloc(0), max = min] = keys;
  for (const key of keys) {
    if (Buffer.compare(key, min) < 0) min = key;
    if (Buffer.compare(key, max) > 0) max = key;
  }
  return {
    min: min.subarray(0, MAX_BOUND_BYTES),
    max: max.length <= MAX_BOUND_BYTES ? max : Buffer.concat([max.subarray(0, MAX_BOUND_BYTES), TOP]),
  };
}
