import type { BigIntStats } from 'node:fs';
import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isVanished, systemCode } from './file-errors.ts';

const OTHERS_READ = 0o004n;
const OTHERS_WRITE = 0o002n;
const OTHERS_SEARCH = 0o001n;
const ONLY_OWNERS_REPLACE = 0o1000n;

export const mayRead = ({ mode }: BigIntStats): boolean => (mode & OTHERS_READ) !== 0n;
export const mayWrite = ({ mode }: BigIntStats): boolean => (mode & OTHERS_WRITE) !== 0n;
export const maySearch = ({ mode }: BigIntStats): boolean => (mode & OTHERS_SEARCH) !== 0n;
/** In such a folder others can put another file in the place of one. */
export const mayReplace = (folder: BigIntStats): boolean =>
  mayWrite(folder) && maySearch(folder) && (folder.mode & ONLY_OWNERS_REPLACE) === 0n;

export interface PlacedFile {
  stats: BigIntStats;
  /** The folder it really lies in. */
  folder: string;
}

/** Modes of folders above, each asked once. Paths are real ones, each byte a character, since not all are UTF-8. */
export class FolderModes {
  private readonly folders = new Map<string, Promise<BigIntStats>>();

  of(folder: string): Promise<BigIntStats> {
    let stats = this.folders.get(folder);
    if (stats === undefined) {
      stats = stat(Buffer.from(folder, 'latin1'), { bigint: true });
      this.folders.set(folder, stats);
    }
    return stats;
  }

  /** Whether others may search this folder and all above it. */
  async isReachable(folder: string): Promise<boolean> {
    if (!maySearch(await this.of(folder))) return false;
    return folder === dirname(folder) || this.isReachable(dirname(folder));
  }

  /** The regular file at the end of a path; null when others cannot come to it, or there is none. */
  async reachableFile(path: Buffer): Promise<PlacedFile | null> {
    try {
      const real = await realpath(path, 'buffer');
      const folder = dirname(real.toString('latin1'));
      const stats = await lstat(real, { bigint: true });
      return stats.isFile() && (await this.isReachable(folder)) ? { stats, folder } : null;
    } catch (error) {
      // A link to where the caller may not look: the scan cannot read it either, and says so.
      if (isVanished(error) || systemCode(error) === 'EACCES') return null;
      throw error;
    }
  }
}
