const TABLE = new Uint32Array(256);
for (let i = 0; i < 256; i++) {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  TABLE[i] = crc >>> 0;
}

/** CRC-32 of ASCII text as in ISO 3309 (zip, PNG), unsigned. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) crc = (crc >>> 8) ^ (TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** An unsigned number in a positional system whose digits are the letters of `alphabet`, padded on the left. */
export function toBase(value: number, alphabet: string, length: number): string {
  let digits = '';
  let rest = value;
  while (rest > 0) {
    digits = alphabet.charAt(rest % alphabet.length) + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits.padStart(length, alphabet.charAt(0));
}
