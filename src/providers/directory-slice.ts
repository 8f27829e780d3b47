import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';

/** Names held at once of one directory; a larger one is read again for each further slice. */
const SLICE = 100_000;

/** `key`: bytes below the root, ending in a slash for a directory. Sockets, pipes and devices are none. */
export interface DirectoryEntry {
  key: Buffer;
  kind: 'file' | 'directory' | 'link';
}

/**
 * Entries of one directory in the order their whole keys have: `a.b` stands before the contents of `a` (`a/…`), which
 * stand before `a0`. `wants` chooses among them before anything is kept.
 */
export async function* directoryEntries(
  path: Buffer,
  prefix: Buffer,
  wants: (entry: DirectoryEntry) => boolean,
  slice = SLICE,
): AsyncGenerator<DirectoryEntry> {
  let after: Buffer | null = null;
  for (;;) {
    const { entries, isRest } = await smallest(path, prefix, wants, after, slice);
    yield* entries;
    if (!isRest) return;
    after = entries.at(-1)?.key ?? null;
  }
}

async function smallest(
  path: Buffer,
  prefix: Buffer,
  wants: (entry: DirectoryEntry) => boolean,
  after: Buffer | null,
  slice: number,
): Promise<{ entries: DirectoryEntry[]; isRest: boolean }> {
  let entries: DirectoryEntry[] = [];
  let isRest = false;
  let bound: Buffer | null = null;
  const cut = (): void => {
    entries.sort(byKey);
    if (entries.length <= slice) return;
    entries = entries.slice(0, slice);
    bound = entries.at(-1)?.key ?? null;
    isRest = true;
  };
  // The types know names as strings only; as bytes they also come when they are not UTF-8.
  const directory = await opendir(path, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 });
  for await (const dirent of directory as AsyncIterable<Dirent<Buffer>>) {
    const kind = kindOf(dirent);
    if (kind === null) continue;
    const entry = {
      key: Buffer.concat(kind === 'directory' ? [prefix, dirent.name, SLASH] : [prefix, dirent.name]),
      kind,
    };
    if (after !== null && entry.key.compare(after) <= 0) continue;
    if (bound !== null && entry.key.compare(bound) > 0) continue;
    if (!wants(entry)) continue;
    entries.push(entry);
    if (entries.length >= 2 * slice) cut();
  }
  cut();
  return { entries, isRest };
}

const SLASH = Buffer.from('/');

function kindOf(dirent: Dirent<Buffer>): DirectoryEntry['kind'] | null {
  if (dirent.isFile()) return 'file';
  if (dirent.isDirectory()) return 'directory';
  if (dirent.isSymbolicLink()) return 'link';
  return null;
}

function byKey(left: DirectoryEntry, right: DirectoryEntry): number {
  return left.key.compare(right.key);
}
