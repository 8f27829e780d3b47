import type { OwnDetector } from '../detectors/own-detector.ts';
import type { ScanConfig } from '../src/model/scan-config.ts';
import { canonicalJson, sha256 } from './digest.ts';
import { startThreads } from './run-scan.ts';
import type { ThreadPool } from './thread-pool.ts';

interface Entry {
  pool: ThreadPool;
  users: number;
}

/** Threads by what they are started with: most scans of a worker share theirs. */
export class ThreadPools {
  private readonly entries = new Map<string, Entry>();
  private readonly file: URL | undefined;

  /** `file`: another module for the threads, for tests. */
  constructor(file?: URL) {
    this.file = file;
  }

  /** Each `acquire` is followed by one `release` of what it answered. */
  acquire(config: ScanConfig, own: readonly OwnDetector[]): ThreadPool {
    const key = sha256(canonicalJson({ own, options: config.providerOptions }));
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { pool: startThreads(config, this.file, own), users: 0 };
      this.entries.set(key, entry);
    }
    entry.users += 1;
    return entry.pool;
  }

  /** The last pool without users is kept for the next scan. */
  async release(pool: ThreadPool): Promise<void> {
    for (const entry of this.entries.values()) if (entry.pool === pool) entry.users -= 1;
    const idle = [...this.entries].filter(([, { users }]) => users === 0);
    if (idle.length === this.entries.size) idle.pop();
    for (const [key] of idle) this.entries.delete(key);
    await Promise.all(idle.map(([, entry]) => entry.pool.close()));
  }

  async close(): Promise<void> {
    const entries = [...this.entries.values()];
    this.entries.clear();
    await Promise.all(entries.map(({ pool }) => pool.close()));
  }
}
