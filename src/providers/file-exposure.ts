import type { BigIntStats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Fact, FilesystemEvidence } from '../model/exposure.ts';
import { directoryEntries } from './directory-slice.ts';
import { systemCode } from './file-errors.ts';
import { pathOf } from './walk-folder.ts';

const OTHERS_READ = 0o004n;
const OTHERS_WRITE = 0o002n;
const OTHERS_SEARCH = 0o001n;
const MAX_EXAMPLES = 10;
const STATS_AT_ONCE = 64;
/** Beyond it the answer is "not known": the listing of a whole machine is not worth an exposure. */
const MAX_ENTRIES = 5_000_000;

type Tally = { count: number; examples: string[] };

/**
 * Counts what a user outside owner and group can read or write, by the mode bits of files and directories. Counted is
 * only what lies behind directories that others may search, from `/` down to it; a directory counts when others may
 * search it as well. Links are not counted: the file at their end is, if it lies here. Access control lists, mount
 * options and containers are not looked at.
 */
export async function collectFileExposure(root: string): Promise<FilesystemEvidence> {
  const count = new Count();
  try {
    const real = await realpath(root);
    if (await isReachable(dirname(real))) await count.directory(real, Buffer.alloc(0));
  } catch (error) {
    const refused = refusal(error);
    return { provider: 'filesystem', path: root, worldReadable: refused, worldWritable: refused };
  }
  return {
    provider: 'filesystem',
    path: root,
    worldReadable: { state: 'known', value: count.readable },
    worldWritable: { state: 'known', value: count.writable },
  };
}

/** Whether others may search a directory and all above it. */
async function isReachable(path: string): Promise<boolean> {
  if (((await stat(path, { bigint: true })).mode & OTHERS_SEARCH) === 0n) return false;
  return path === dirname(path) || isReachable(dirname(path));
}

class Count {
  readonly readable: Tally = { count: 0, examples: [] };
  readonly writable: Tally = { count: 0, examples: [] };
  private entries = 0;

  /** `key` ends in a slash, or is empty for the root itself. */
  async directory(root: string, key: Buffer): Promise<void> {
    const stats = await found(pathOf(root, key));
    if (stats === null || (stats.mode & OTHERS_SEARCH) === 0n) return;
    this.add(key, stats);
    let batch: Buffer[] = [];
    for await (const entry of directoryEntries(pathOf(root, key), key, (one) => one.kind !== 'link')) {
      this.entries += 1;
      if (this.entries > MAX_ENTRIES) throw new TooMany();
      if (entry.kind === 'directory') {
        await this.directory(root, entry.key);
        continue;
      }
      batch.push(entry.key);
      if (batch.length < STATS_AT_ONCE) continue;
      await this.files(root, batch);
      batch = [];
    }
    await this.files(root, batch);
  }

  private async files(root: string, keys: Buffer[]): Promise<void> {
    const stats = await Promise.all(keys.map((key) => found(pathOf(root, key))));
    for (const [at, one] of stats.entries()) if (one !== null) this.add(keys[at] ?? Buffer.alloc(0), one);
  }

  private add(key: Buffer, { mode }: BigIntStats): void {
    for (const [bit, tally] of [
      [OTHERS_READ, this.readable],
      [OTHERS_WRITE, this.writable],
    ] as const) {
      if ((mode & bit) === 0n) continue;
      tally.count += 1;
      if (tally.examples.length < MAX_EXAMPLES) tally.examples.push(key.length === 0 ? '.' : key.toString());
    }
  }
}

class TooMany extends Error {}

async function found(path: Buffer): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function refusal(error: unknown): Fact<never> {
  const reason = error instanceof TooMany ? `more than ${MAX_ENTRIES} entries` : systemCode(error);
  return { state: 'refused', call: 'lstat', reason, permission: 'read and search permission on every folder' };
}
