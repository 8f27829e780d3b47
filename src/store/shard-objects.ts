import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { BucketRef, ObjectRef } from '../model/object.ts';
import { decodeKey, encodeKey, frontCode, frontDecode, keyRange } from './keys.ts';

/**
 * The objects of a shard as one blob that never changes:
 *
 * ```
 *   zstd( length of keys: 4 bytes | front-coded keys | JSON of the other columns )
 * ```
 */
interface Columns {
  versions: string[];
  sizes: number[];
  modified: string[];
  /** Index and name, only where the class is not the standard one. */
  classes: [number, string][];
}

export function packObjects(objects: readonly ObjectRef[]): { blob: Buffer; min: Buffer; max: Buffer; bytes: number } {
  const keys = objects.map(({ key }) => encodeKey(key));
  const coded = frontCode(keys);
  const columns: Columns = {
    versions: objects.map(({ version }) => version),
    sizes: objects.map(({ byteLength }) => byteLength),
    modified: objects.map(({ lastModified }) => lastModified),
    classes: objects.flatMap(({ storageClass }, index) =>
      storageClass === undefined ? [] : [[index, storageClass] satisfies [number, string]],
    ),
  };
  const length = Buffer.alloc(4);
  length.writeUInt32LE(coded.length);
  return {
    blob: zstdCompressSync(Buffer.concat([length, coded, Buffer.from(JSON.stringify(columns))])),
    ...keyRange(keys),
    bytes: columns.sizes.reduce((sum, size) => sum + size, 0),
  };
}

export function unpackObjects(blob: Buffer, bucket: BucketRef): ObjectRef[] {
  const bytes = zstdDecompressSync(blob);
  const end = 4 + bytes.readUInt32LE(0);
  const keys = frontDecode(bytes.subarray(4, end));
  const { versions, sizes, modified, classes } = JSON.parse(bytes.toString('utf8', end)) as Columns;
  const classOf = new Map(classes);
  return keys.map((key, index) => {
    const storageClass = classOf.get(index);
    return {
      bucket,
      key: decodeKey(key),
      version: versions[index] ?? '',
      byteLength: sizes[index] ?? 0,
      lastModified: modified[index] ?? '',
      ...(storageClass === undefined ? {} : { storageClass }),
    };
  });
}
