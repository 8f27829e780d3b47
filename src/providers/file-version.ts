import type { BigIntStats } from 'node:fs';

/** Device, inode, size, modification and change time in ns: changes with every write and every replacement. */
export function fileVersion(stats: BigIntStats): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':');
}
