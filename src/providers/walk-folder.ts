import type { BigIntStats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { type DirectoryEntry, directoryEntries } from './directory-slice.ts';
import { fileError, systemCode } from './file-errors.ts';

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
  stats: BigIntStats;
}

/**
 * Regular files below a folder in ascending order of their whole keys. A link to a file is followed when its end lies in
 * the folder; links to directories and out of the folder are not. What vanishes on the way is left out; a directory that
 * cannot be read throws `AssayError`.
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

export function isInside(realRoot: string, realPath: Buffer): boolean {
  const root = Buffer.from(realRoot === '/' ? '/' : `${realRoot}/`);
  return realPath.subarray(0, root.length).equals(root);
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
    if (kind === 'link' && !isInside(realRoot, await realpath(path, 'buffer'))) return null;
    const stats = await (kind === 'link' ? stat : lstat)(path, { bigint: true });
    return stats.isFile() ? { key, stats } : null;
  } catch (error) {
    if (isVanished(error)) return null;
    throw fileError(error, 'list', root, 'a file in');
  }
}

function isVanished(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCode(error));
}
