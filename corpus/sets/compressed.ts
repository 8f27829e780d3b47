import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { CorpusSet } from '../corpus-set.ts';
import { chat } from './chat.ts';
import { code } from './code.ts';
import { customers } from './customers.ts';

/** Objects of the other sets as gzip and zstd: the same values at the same places. */
export function compressed(): CorpusSet {
  const set = new CorpusSet('compressed');
  pack(set, chat(), 'chat.jsonl', 'chat.jsonl.gz', gzip);
  pack(set, chat(), 'chat.jsonl', 'chat.jsonl.zst', zstd);
  pack(set, customers(), 'customers.csv', 'customers.csv.gz', gzip);
  pack(set, code(), 'src/notify.js', 'notify.js.zst', zstd);
  pack(set, code(), 'infra/main.tf', 'main.tf.gz', members);
  return set;
}

function pack(set: CorpusSet, from: CorpusSet, object: string, name: string, codec: (bytes: Buffer) => Buffer): void {
  set.write(name, codec(from.objects.get(object) as Buffer));
  // Items keep the name of the set they come from: the same value is the same item in every object.
  const planted = from.truth.filter((truth) => truth.object === object);
  set.truth.push(...planted.map((truth) => ({ ...truth, object: name, item: `${from.name}/${truth.item}` })));
}

function gzip(bytes: Buffer): Buffer {
  const packed = gzipSync(bytes, { level: 6 });
  // The system that packed it, byte 9 of the header (RFC 1952), differs between machines: 255 is unknown.
  packed[9] = 255;
  return packed;
}

/** Two members one after the other, cut in the middle of a line. */
function members(bytes: Buffer): Buffer {
  const half = bytes.length >> 1;
  return Buffer.concat([gzip(bytes.subarray(0, half)), gzip(bytes.subarray(half))]);
}

function zstd(bytes: Buffer): Buffer {
  return zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  });
}
