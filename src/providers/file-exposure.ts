import { isUtf8 } from 'node:buffer';
import type { BigIntStats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Fact, FilesystemEvidence } from '../model/exposure.ts';
import type { Target } from '../model/object.ts';
import { type DirectoryEntry, directoryEntries } from './directory-slice.ts';
import { isVanished, systemCode } from './file-errors.ts';
import { FolderModes, mayRead, mayReplace, maySearch, mayWrite } from './file-modes.ts';
import { depthOf, keyMatcher, literalGlob } from './key-matcher.ts';
import { isInside, pathOf, walkFolder } from './walk-folder.ts';

const MAX_EXAMPLES = 10;
/** What is not named is taken to be as open as the rest. */
const MAX_CLOSED = 100;
const STATS_AT_ONCE = 64;
/** Beyond it the answer is "not known": the listing of a whole machine is not worth an exposure. */
const MAX_ENTRIES = 5_000_000;

type Tally = { count: number; examples: string[] };

/**
 * Counts what a user outside owner and group can read or write, by the mode bits of files and directories. Counted is
 * only what lies behind directories that others may search, from `/` down to it; a directory counts when others may
 * search it as well. The file at the end of a link counts with its own mode at its own place. Access control lists,
 * mount options and containers are not looked at.
 *
 * `targets`: single files or globs in the folder. Then only their files count, and as written to the folders in which
 * others can put another file in the place of one. Absent, or one of them the whole folder: everything.
 */
export async function collectFileExposure(root: string, targets: readonly Target[] = []): Promise<FilesystemEvidence> {
  const parts = targets.some(({ glob }) => glob === undefined) ? [] : targets;
  const path = pathOfParts(root, parts);
  const count = new Count();
  try {
    const real = await realpath(root);
    await (parts.length === 0 ? count.everything(real) : count.parts(real, parts));
  } catch (error) {
    const refused = refusal(error);
    return { provider: 'filesystem', path, worldReadable: refused, worldWritable: refused };
  }
  return {
    provider: 'filesystem',
    path,
    worldReadable: { state: 'known', value: count.readable },
    worldWritable: { state: 'known', value: count.writable },
    ...(count.closed.length === 0 ? {} : { closed: count.closed }),
  };
}

function pathOfParts(root: string, parts: readonly Target[]): string {
  const [part] = parts;
  return part !== undefined && parts.length === 1 && isFile(part)
    ? pathOf(root, Buffer.from(part.prefix)).toString()
    : root;
}

function isFile({ prefix, glob }: Target): boolean {
  return prefix !== '' && glob === literalGlob(prefix);
}

class Count {
  readonly readable: Tally = { count: 0, examples: [] };
  readonly writable: Tally = { count: 0, examples: [] };
  /** Folders below which nothing counts. */
  readonly closed: string[] = [];
  private readonly modes = new FolderModes();
  private readonly holders = new Set<string>();
  private entries = 0;

  async everything(root: string): Promise<void> {
    const above = dirname(Buffer.from(root).toString('latin1'));
    if (await this.modes.isReachable(above)) await this.directory(root, Buffer.alloc(0));
  }

  async parts(root: string, parts: readonly Target[]): Promise<void> {
    const single = new Set(parts.filter(isFile).map(({ prefix }) => prefix));
    await this.placed(
      root,
      [...single].map((key) => Buffer.from(key)),
    );
    const globs = parts.flatMap((part) => (isFile(part) ? [] : [part.glob]));
    if (globs.length === 0) return;
    const matchers = globs.map(keyMatcher);
    const isMeant = (key: string): boolean => !single.has(key) && matchers.some((matches) => matches(key));
    const options = { prefix: Buffer.alloc(0), after: null, maxDepth: Math.max(...globs.map(depthOf)) };
    for await (const files of walkFolder(root, options)) {
      const meant = files.filter(({ key, skip }) => skip === undefined && isMeant(key.toString()));
      await this.placed(
        root,
        meant.map(({ key }) => key),
      );
    }
  }

  private async placed(root: string, keys: Buffer[]): Promise<void> {
    this.countEntries(keys.length);
    const files = await Promise.all(keys.map((key) => this.modes.reachableFile(pathOf(root, key))));
    for (const [at, file] of files.entries()) {
      if (file === null) continue;
      const name = keys[at]?.toString() ?? '';
      this.add(name, file.stats);
      if (this.holders.has(file.folder)) continue;
      this.holders.add(file.folder);
      if (mayReplace(await this.modes.of(file.folder))) addTo(this.writable, `${dirname(name)}/`);
    }
  }

  /** `key` ends in a slash, or is empty for the root itself. */
  private async directory(root: string, key: Buffer): Promise<void> {
    const stats = await found(pathOf(root, key));
    if (stats === null) return;
    if (!maySearch(stats)) {
      if (key.length > 0 && isUtf8(key) && this.closed.length < MAX_CLOSED) this.closed.push(key.toString());
      return;
    }
    this.add(key.length === 0 ? '.' : key.toString(), stats);
    let batch: DirectoryEntry[] = [];
    for await (const entry of directoryEntries(pathOf(root, key), key, () => true)) {
      this.countEntries(1);
      if (entry.kind === 'directory') {
        await this.directory(root, entry.key);
        continue;
      }
      batch.push(entry);
      if (batch.length < STATS_AT_ONCE) continue;
      await this.files(root, batch);
      batch = [];
    }
    await this.files(root, batch);
  }

  private async files(root: string, entries: DirectoryEntry[]): Promise<void> {
    const stats = await Promise.all(
      entries.map(({ key, kind }) => (kind === 'link' ? this.outside(root, key) : found(pathOf(root, key)))),
    );
    for (const [at, one] of stats.entries()) if (one !== null) this.add(entries[at]?.key.toString() ?? '', one);
  }

  /** The file a link leads to, unless it is counted at its own place. */
  private async outside(root: string, key: Buffer): Promise<BigIntStats | null> {
    const file = await this.modes.reachableFile(pathOf(root, key));
    return file === null || isInside(root, Buffer.from(`${file.folder}/`, 'latin1')) ? null : file.stats;
  }

  private countEntries(count: number): void {
    this.entries += count;
    if (this.entries > MAX_ENTRIES) throw new TooMany();
  }

  private add(name: string, stats: BigIntStats): void {
    if (mayRead(stats)) addTo(this.readable, name);
    if (mayWrite(stats)) addTo(this.writable, name);
  }
}

function addTo(tally: Tally, name: string): void {
  tally.count += 1;
  if (tally.examples.length < MAX_EXAMPLES) tally.examples.push(name);
}

class TooMany extends Error {}

async function found(path: Buffer): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (isVanished(error)) return null;
    throw error;
  }
}

function refusal(error: unknown): Fact<never> {
  const reason = error instanceof TooMany ? `more than ${MAX_ENTRIES} entries` : systemCode(error);
  return { state: 'refused', call: 'lstat', reason, permission: 'read and search permission on every folder' };
}
