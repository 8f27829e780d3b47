import type { BigIntStats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import type { SkippedReason } from '../model/outcome.ts';
import { type DirectoryEntry, directoryEntries } from './directory-slice.ts';
import { fileError, isVanished, systemCode } from './file-errors.ts';

const STATS_AT_ONCE = 64;

export interface WalkOptions {
  /** Only keys that start with these bytes. */
  prefix: Buffer;
  /** Only keys after this one; null: all. */
  after: Buffer | null;
  /** Slashes a key may have. */
  maxDepth: number;
}

export interface FoundFile {
  key: Buffer;
  /** Of the file at the end of a link; of the link itself where there is none to be had. */
  stats: BigIntStats;
  /** A link to a directory elsewhere: what lies there is not listed. */
  skip?: SkippedReason;
}

/**
 * Regular files below a folder in ascending order of their whole keys. A link to a file is that file, wherever it lies.
 * A link to a directory inside the folder is left out, since its content is listed at its own place, and one to a
 * directory elsewhere comes marked as skipped: it is never entered, so that no loop has to be found out. Sockets, pipes,
 * devices, links to these and links to nothing hold no stored data. What vanishes on the way is left out; a directory
 * that cannot be read throws `AssayError`.
 */
export async function* walkFolder(root: string, options: WalkOptions): AsyncGenerator<FoundFile[]> {
  const realRoot = await resolveRoot(root);
  let batch: DirectoryEntry[] = [];
  for await (const entry of walkDirectory(root, Buffer.alloc(0), 0, options)) {
    batch.push(entry);
    if (batch.length < STATS_AT_ONCE) continue;
    yield await findFiles(root, realRoot, batch);
    batch = [];
  }
  if (batch.length > 0) yield await findFiles(root, realRoot, batch);
}

export async function resolveRoot(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (error) {
    throw fileError(error, 'list', root, 'folder');
  }
}

/** Both as `realpath` writes them; the folder itself lies inside. */
export function isInside(realRoot: string, realPath: Buffer): boolean {
  const root = Buffer.from(realRoot === '/' ? '/' : `${realRoot}/`);
  return startsWith(realPath, root) || realPath.equals(Buffer.from(realRoot));
}

export function pathOf(root: string, key: Buffer): Buffer {
  return Buffer.concat([Buffer.from(root === '/' ? '/' : `${root}/`), key]);
}

async function* walkDirectory(
  root: string,
  directory: Buffer,
  depth: number,
  options: WalkOptions,
): AsyncGenerator<DirectoryEntry> {
  const wants = (entry: DirectoryEntry): boolean => isWanted(entry, depth, options);
  try {
    for await (const entry of directoryEntries(pathOf(root, directory), directory, wants)) {
      if (entry.kind === 'directory') yield* walkDirectory(root, entry.key, depth + 1, options);
      else yield entry;
    }
  } catch (error) {
    if (directory.length > 0 && isVanished(error)) return;
    if (error instanceof Error && error.name === 'AssayError') throw error;
    throw fileError(error, 'list', root, directory.length === 0 ? 'folder' : 'a folder in');
  }
}

function isWanted({ key, kind }: DirectoryEntry, depth: number, { prefix, after, maxDepth }: WalkOptions): boolean {
  if (kind !== 'directory') return startsWith(key, prefix) && (after === null || key.compare(after) > 0);
  if (depth >= maxDepth) return false;
  if (!startsWith(key, prefix) && !startsWith(prefix, key)) return false;
  return after === null || key.compare(after) > 0 || startsWith(after, key);
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

async function findFiles(root: string, realRoot: string, entries: DirectoryEntry[]): Promise<FoundFile[]> {
  const found = await Promise.all(entries.map((entry) => findFile(root, realRoot, entry)));
  return found.filter((file) => file !== null);
}

async function findFile(root: string, realRoot: string, { key, kind }: DirectoryEntry): Promise<FoundFile | null> {
  const path = pathOf(root, key);
  try {
    if (kind === 'link') return await findAtEnd(path, key, realRoot);
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() ? { key, stats } : null;
  } catch (error) {
    if (isVanished(error)) return null;
    throw fileError(error, 'list', root, 'a file in');
  }
}

async function findAtEnd(path: Buffer, key: Buffer, realRoot: string): Promise<FoundFile | null> {
  try {
    const stats = await stat(path, { bigint: true });
    if (stats.isFile()) return { key, stats };
    if (!stats.isDirectory() || isInside(realRoot, await realpath(path, 'buffer'))) return null;
    return { key, stats: await lstat(path, { bigint: true }), skip: 'unsupported' };
  } catch (error) {
    if (systemCode(error) !== 'EACCES') throw error;
    // Whatever lies there, opening it will be refused as well and say so.
    return { key, stats: await lstat(path, { bigint: true }) };
  }
}
