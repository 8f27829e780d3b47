import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { AssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { FilesystemEvidence } from '../model/exposure.ts';
import type { BucketRef, ObjectRef, Target } from '../model/object.ts';
import { fileError } from './file-errors.ts';
import { collectFileExposure } from './file-exposure.ts';
import { FileSource, fileChanged } from './file-source.ts';
import { fileVersion } from './file-version.ts';
import { depthOf, folderMatcher, keyMatcher } from './key-matcher.ts';
import type { ListingPage, Provider } from './provider.ts';
import type { ProviderCounters } from './s3-options.ts';
import { type FoundFile, pathOf, walkFolder } from './walk-folder.ts';

const PAGE_SIZE = 1000;
/** Starts a cursor whose key is not UTF-8; no path holds this byte. */
const NOT_TEXT = '\0';

/** Folders of this machine. A bucket is a folder, a key the path below it. */
export class FilesystemProvider implements Provider {
  readonly counters: ProviderCounters = { requests: 0, retries: 0, bytes: 0 };

  async *listObjects(target: Target, cursor: string | null, signal?: AbortSignal): AsyncGenerator<ListingPage> {
    const { bucket, glob } = target;
    const matches = keyMatcher(glob);
    const holdsMatches = folderMatcher(glob);
    const options = {
      prefix: Buffer.from(target.prefix),
      after: cursor === null ? null : keyOfCursor(cursor),
      maxDepth: depthOf(glob),
    };
    let objects: ObjectRef[] = [];
    let last: Buffer | null = null;
    for await (const files of walkFolder(bucket.name, options)) {
      if (signal?.aborted === true) throw new AssayError('cancelled', `list folder ${bucket.name} was cancelled`);
      for (const file of files) {
        const object = toObject(bucket, file);
        if (!(object.skip === undefined ? matches : holdsMatches)(object.key)) continue;
        if (objects.length === PAGE_SIZE && last !== null) {
          yield { objects, cursor: cursorOfKey(last) };
          objects = [];
        }
        objects.push(object);
        last = file.key;
      }
    }
    yield { objects, cursor: null };
  }

  async openObject(object: ObjectRef, signal?: AbortSignal): Promise<ByteSource> {
    const { name: root } = object.bucket;
    const isDoubtful = object.key.includes('\uFFFD');
    if (object.key.includes('\0') || !object.key.isWellFormed()) throw unaddressableKey(root);
    let handle: FileHandle | undefined;
    try {
      const path = pathOf(root, Buffer.from(object.key));
      // Opening a device can do something, and opening a pipe waits: this is no longer the listed file.
      if (!(await stat(path)).isFile()) throw fileChanged(root);
      // One put in its place in this very moment must not hold the thread either.
      handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const stats = await handle.stat({ bigint: true });
      // The version names device and inode: a link that leads elsewhere by now is found out as well.
      if (!stats.isFile() || fileVersion(stats) !== object.version) throw fileChanged(root);
      const { byteLength, version } = object;
      return new FileSource(handle, { byteLength, version, root }, this.counters, signal);
    } catch (error) {
      await handle?.close();
      // The listing wrote U+FFFD for bytes that are not UTF-8: the path above was not the file's own.
      if (isDoubtful) throw unaddressableKey(root);
      throw error instanceof AssayError ? error : fileError(error, 'open', root, 'a file in');
    }
  }

  collectExposure(bucket: BucketRef, targets?: readonly Target[]): Promise<FilesystemEvidence> {
    return collectFileExposure(bucket.name, targets);
  }

  async close(): Promise<void> {}
}

function unaddressableKey(root: string): AssayError {
  return new AssayError('unaddressable-key', `open a file in ${root}: its name is not UTF-8`);
}

function toObject(bucket: BucketRef, { key, stats, skip }: FoundFile): ObjectRef {
  const modified = new Date(Number(stats.mtimeMs));
  return {
    bucket,
    key: key.toString(),
    version: fileVersion(stats),
    byteLength: stats.isFile() ? Number(stats.size) : 0,
    lastModified: Number.isNaN(modified.getTime()) ? '' : modified.toISOString(),
    ...(skip === undefined ? {} : { skip }),
  };
}

function cursorOfKey(key: Buffer): string {
  const text = key.toString();
  return Buffer.from(text).equals(key) ? text : NOT_TEXT + key.toString('base64url');
}

function keyOfCursor(cursor: string): Buffer {
  return cursor.startsWith(NOT_TEXT) ? Buffer.from(cursor.slice(NOT_TEXT.length), 'base64url') : Buffer.from(cursor);
}
