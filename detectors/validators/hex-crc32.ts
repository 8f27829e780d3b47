import { crc32 } from './crc32.ts';

/** CRC-32 of ASCII text in eight hex digits, upper case, most significant byte first (Atlassian). */
export function upperHexCrc32(text: string): string {
  return crc32(text).toString(16).toUpperCase().padStart(8, '0');
}

/** CRC-32 of ASCII text in eight hex digits, lower case (Zuplo); `isLittleEndian`: least significant byte first (Grafana). */
export function hexCrc32(text: string, isLittleEndian: boolean): string {
  const bytes = Buffer.alloc(4);
  if (isLittleEndian) bytes.writeUInt32LE(crc32(text));
  else bytes.writeUInt32BE(crc32(text));
  return bytes.toString('hex');
}
