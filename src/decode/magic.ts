import type { Outcome } from '../model/outcome.ts';
import type { Codec } from './codec.ts';
import { isTarHeader } from './tar-header.ts';

/** What the first bytes of a stream say: a codec to undo, a container with a decoder, or why it is not read. */
export type Magic =
  | { kind: 'codec'; codec: Codec }
  | { kind: 'parquet' | 'tar' | 'zip' }
  | { kind: 'skip'; format: string; outcome: Outcome };

type Row = [format: string, hex: string, at?: number];

// Hex of the signature; `..` is any byte. Sources: the formats' specifications and the IANA media type registrations.
const MEDIA: Row[] = [
  ['jpeg', 'ffd8ff'],
  ['png', '89504e470d0a1a0a'],
  ['gif', '4749463837 61'],
  ['gif', '4749463839 61'],
  ['webp', '52494646 ........ 57454250'],
  ['wav', '52494646 ........ 57415645'],
  ['avi', '52494646 ........ 41564920'],
  ['bmp', '424d ........ 00000000'],
  ['tiff', '49492a00'],
  ['tiff', '4d4d002a'],
  ['ico', '00000100'],
  ['iso-media', '66747970', 4],
  ['ogg', '4f676753'],
  ['flac', '664c6143'],
  ['mp3', '494433 02'],
  ['mp3', '494433 03'],
  ['mp3', '494433 04'],
  ['mp3', 'fffb'],
  ['mp3', 'fff3'],
  ['mp3', 'fff2'],
  ['aac', 'fff1'],
  ['aac', 'fff9'],
  ['matroska', '1a45dfa3'],
  ['mpeg', '000001ba'],
  ['mpeg', '000001b3'],
  ['flv', '464c5601'],
  ['midi', '4d54686400000006'],
  ['asf', '3026b2758e66cf11'],
  ['aiff', '464f524d ........ 41494646'],
  ['psd', '384250530001'],
  ['jxl', 'ff0a'],
  ['jxl', '0000000c4a584c20'],
  ['jp2', '0000000c6a502020'],
  ['exr', '762f3101'],
  ['woff', '774f4646'],
  ['woff2', '774f4632'],
  ['truetype', '0001000000'],
  ['opentype', '4f54544f00'],
  ['truetype', '7474636600'],
  ['dicom', '4449434d', 128],
];
const UNSUPPORTED: Row[] = [
  ['7z', '377abcaf271c'],
  ['rar', '526172211a07'],
  ['pdf', '255044462d'],
  ['sqlite', '53514c69746520666f726d6174203300'],
  ['hdf5', '894844460d0a1a0a'],
  ['arrow', '4152524f573100'],
  ['arrow-stream', 'ffffffff ......00'],
  ['avro', '4f626a01'],
  ['npy', '934e554d5059'],
  ['pickle', '800295'],
  ['pickle', '80027d'],
  ['pickle', '80025d'],
  ['pickle', '800263'],
  ['pickle', '80028a'],
  ['pickle', '80037d'],
  ['pickle', '80035d'],
  ['pickle', '800363'],
  ['pickle', '800495'],
  ['pickle', '800595'],
  ['bzip2', '425a68 .. 314159265359'],
  ['xz', 'fd377a585a00'],
  ['lz4', '04224d18'],
  ['snappy', 'ff060000734e61507059'],
  ['orc', '4f52430a'],
  ['gguf', '47475546'],
  ['elf', '7f454c46'],
  ['macho', 'cffaedfe'],
  ['macho', 'cefaedfe'],
  ['java-class', 'cafebabe'],
  ['wasm', '0061736d'],
  ['ole', 'd0cf11e0a1b11ae1'],
  ['ar', '213c617263683e0a'],
  ['rpm', 'edabeedb'],
];
const ENCRYPTED: Row[] = [
  ['parquet', '50415245'],
  ['openssl', '53616c7465645f5f'],
];

interface Signature {
  format: string;
  at: number;
  /** -1 is any byte. */
  bytes: number[];
  outcome: Outcome;
}

function compile(rows: Row[], outcome: Outcome): Signature[] {
  return rows.map(([format, hex, at = 0]) => {
    const digits = hex.replaceAll(' ', '');
    const bytes: number[] = [];
    for (let i = 0; i < digits.length; i += 2) {
      const pair = digits.slice(i, i + 2);
      bytes.push(pair === '..' ? -1 : Number.parseInt(pair, 16));
    }
    return { format, at, bytes, outcome };
  });
}

const SIGNATURES = [
  ...compile(MEDIA, 'skipped:media'),
  ...compile(UNSUPPORTED, 'skipped:unsupported'),
  ...compile(ENCRYPTED, 'skipped:encrypted'),
];

/** Null when no known signature stands at the start of `head` (the first bytes of the stream, 300 or more if it has them). */
export function magicOf(head: Buffer): Magic | null {
  // A tar begins with the name of its first member, which may look like anything.
  if (isTarHeader(head)) return { kind: 'tar' };
  if (startsWith(head, [0x1f, 0x8b, 0x08])) return { kind: 'codec', codec: 'gzip' };
  if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) return { kind: 'codec', codec: 'zstd' };
  if (startsWith(head, [-1, 0x2a, 0x4d, 0x18]) && (head[0] ?? 0) >> 4 === 5) return { kind: 'codec', codec: 'zstd' };
  if (startsWith(head, [0x50, 0x41, 0x52, 0x31])) return { kind: 'parquet' };
  // A member, an empty archive, the mark of one that was meant to be split (APPNOTE 4.3.7, 4.3.16, 8.5.3).
  if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6])) return { kind: 'zip' };
  if (startsWith(head, [0x50, 0x4b, 7, 8, 0x50, 0x4b, 3, 4])) return { kind: 'zip' };
  if (startsWith(head, [0x75, 0x73, 0x74, 0x61, 0x72], 257)) return { kind: 'tar' };
  for (const { format, at, bytes, outcome } of SIGNATURES) {
    if (startsWith(head, bytes, at)) return { kind: 'skip', format, outcome };
  }
  return null;
}

function startsWith(head: Buffer, bytes: number[], at = 0): boolean {
  if (head.length < at + bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== -1 && head[at + i] !== bytes[i]) return false;
  }
  return true;
}
