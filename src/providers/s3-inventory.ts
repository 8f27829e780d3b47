import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AssayError, isAssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import type { Provider } from './provider.ts';

const PAGE_SIZE = 1000;
const MAX_MANIFEST_BYTES = 16 * 1024 ** 2;
const ARCHIVED: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

interface Manifest {
  sourceBucket: string;
  /** An ARN. */
  destinationBucket: string;
  fileFormat: string;
  fileSchema: string;
  files: { key: string }[];
}

/**
 * The objects of a bucket as an S3 Inventory has them, instead of a listing: current versions, 1,000 at a time
 * (S3 user guide, "Amazon S3 Inventory": CSV with URL-encoded keys in gzip). Throws `AssayError`.
 */
export async function* readInventory(
  provider: Provider,
  manifest: Target,
): AsyncGenerator<{ bucket: BucketRef; objects: ObjectRef[] }> {
  const { sourceBucket, destinationBucket, fileSchema, files } = await readManifest(provider, manifest);
  const bucket = bucketRef(sourceBucket);
  const home = bucketRef(destinationBucket.replace(/^arn:aws[\w-]*:s3:::/, ''));
  const columns = fileSchema.split(',').map((name) => name.trim());
  let objects: ObjectRef[] = [];
  for (const { key } of files) {
    const source = await openOne(provider, { text: `${home.uri}/${key}`, bucket: home, prefix: key });
    try {
      for await (const line of linesOf(source, manifest.text)) {
        const object = toObject(bucket, columns, line, manifest.text);
        if (object === null) continue;
        objects.push(object);
        if (objects.length < PAGE_SIZE) continue;
        yield { bucket, objects };
        objects = [];
      }
    } finally {
      await source.close();
    }
  }
  yield { bucket, objects };
}

async function readManifest(provider: Provider, target: Target): Promise<Manifest> {
  const source = await openOne(provider, target);
  try {
    if (source.byteLength > MAX_MANIFEST_BYTES) throw unusable(target.text, `more than ${MAX_MANIFEST_BYTES} bytes`);
    const manifest: Partial<Manifest> = JSON.parse((await source.read(0, source.byteLength)).toString());
    const { sourceBucket, destinationBucket, fileFormat, fileSchema, files } = manifest;
    if (!sourceBucket || !destinationBucket || !fileSchema || !Array.isArray(files)) {
      throw unusable(target.text, 'it names no source bucket, schema or files');
    }
    if (fileFormat !== 'CSV') throw unusable(target.text, `its format is ${fileFormat}; only CSV is read`);
    return { sourceBucket, destinationBucket, fileFormat, fileSchema, files };
  } catch (error) {
    throw error instanceof SyntaxError ? unusable(target.text, 'it is no JSON') : error;
  } finally {
    await source.close();
  }
}

async function* linesOf(source: ByteSource, manifest: string): AsyncGenerator<string> {
  const text = createGunzip().setEncoding('utf8');
  // What goes wrong comes out of the iteration below.
  pipeline(Readable.from(source.stream()), text, () => {});
  let rest = '';
  try {
    for await (const chunk of text) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw isAssayError(error) ? error : unusable(manifest, 'one of its files is no gzip');
  }
  if (rest !== '') yield rest;
}

/** The one object that a target names. */
async function openOne(provider: Provider, target: Target): Promise<ByteSource> {
  for await (const { objects } of provider.listObjects(target, null)) {
    const object = objects.find(({ key }) => key === target.prefix);
    if (object !== undefined) return await provider.openObject(object);
  }
  throw new AssayError('not-found', `inventory: there is no ${target.text}`);
}

/** Null: a version that is not the current one, or a delete marker. */
function toObject(bucket: BucketRef, columns: string[], line: string, manifest: string): ObjectRef | null {
  const fields = line.replace(/^"|"$/g, '').split('","');
  const field = (name: string): string | undefined => fields[columns.indexOf(name)];
  if (field('IsLatest') === 'false' || field('IsDeleteMarker') === 'true') return null;
  const [key, size, storageClass = ''] = [field('Key'), field('Size'), field('StorageClass')];
  if (key === undefined || size === undefined || !/^\d+$/.test(size)) {
    throw unusable(manifest, 'a line of it has no key or size');
  }
  return {
    bucket,
    key: decodeURIComponent(key.replaceAll('+', ' ')),
    version: field('ETag') ?? '',
    byteLength: Number(size),
    lastModified: field('LastModifiedDate') ?? '',
    ...(ARCHIVED.has(storageClass) ? { storageClass } : {}),
  };
}

function bucketRef(name: string): BucketRef {
  return { provider: 'aws-s3', uri: `s3://${name}`, name };
}

function unusable(manifest: string, reason: string): AssayError {
  return new AssayError('usage', `inventory ${manifest} cannot be used: ${reason}`);
}
