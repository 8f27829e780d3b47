import { setMaxListeners } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Piscina } from 'piscina';
import { AssayError, isAssayError } from '../src/errors.ts';
import type { ObjectScan } from '../src/model/finding.ts';
import { placeOfError } from './outcome-of-error.ts';
import { Permits } from './permits.ts';
import { createPulse, watchPulse } from './pulse.ts';
import {
  type ByteRange,
  emptyScan,
  type Reply,
  type ScanTask,
  type ThreadApi,
  type ThreadData,
} from './thread-protocol.ts';

export interface ThreadPoolOptions {
  threads: number;
  data: ThreadData;
  /** The module that the threads run; its exports are a `ThreadApi`. */
  file?: URL;
  /** JavaScript heap of one thread; what it reads lies outside of it and has its own bounds. Default 512. */
  heapMb?: number;
  /** A thread that does not notice its own deadline is ended this much later. Default 10,000. */
  graceMs?: number;
}

export interface ThreadPool {
  readonly threads: number;
  /** What every thread was started with. */
  readonly data: ThreadData;
  /** Bounds what is in flight: one permit for each batch or large object; all of them to be alone in the process. */
  readonly permits: Permits;
  /** Bounds large objects, which are started long before they end. */
  readonly large: Permits;
  /** Bounds the messages for parts of large objects. */
  readonly parts: Permits;
  /**
   * Scans a batch in one thread. A thread that dies costs its object only (`failed:crashed`): the objects of a batch
   * are then tried again one by one. Rejects when `signal` aborts, or when no thread can start at all. `onRequests` is
   * told how many requests to stores each message took.
   */
  scan(tasks: ScanTask[], signal: AbortSignal, onRequests?: (count: number) => void): Promise<ObjectScan[]>;
  plan(task: ScanTask, signal: AbortSignal): Promise<ByteRange[] | null>;
  maskKeys(keys: string[]): Promise<string[]>;
  close(): Promise<void>;
}

const ROOT = new URL('../', import.meta.url).pathname;
const OWN_FILE = new URL(import.meta.url.endsWith('.ts') ? './scan-thread.ts' : './scan-thread.js', import.meta.url);

type Call = keyof ThreadApi;
type Value<C extends Call> = Awaited<ReturnType<ThreadApi[C]>> extends Reply<infer T> ? T : never;

export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  const { threads, data, heapMb = 512, graceMs = 10_000 } = options;
  // Two messages a thread: one is worked on, one waits, so that no thread idles while the ledger commits.
  const permits = new Permits(threads * 2);
  const large = new Permits(threads);
  const parts = new Permits(threads * 2);
  const running = new Set<(error: Error) => void>();
  let broken: AssayError | undefined;
  let hasAnswered = false;

  const piscina = new Piscina({
    filename: (options.file ?? OWN_FILE).href,
    name: 'scan',
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    maxQueue: permits.total + parts.total + 16,
    // Any other setting stops a thread's timers and sockets between tasks.
    atomics: 'disabled',
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    recordTiming: false,
    workerData: data,
    env: threadEnvironment(),
  });
  piscina.on('error', (cause: unknown) => {
    // An idle thread that dies is replaced. When none comes up, every message would be left waiting.
    if (hasAnswered && piscina.threads.length > 0) return;
    broken = new AssayError('internal', 'scanning threads cannot start', { cause });
    for (const reject of running) reject(broken);
  });

  function call<C extends Call>(
    name: C,
    argument: Parameters<ThreadApi[C]>[0],
    signal: AbortSignal | null,
    onRequests?: (count: number) => void,
  ): Promise<Value<C>> {
    if (broken !== undefined) return Promise.reject(broken);
    return new Promise((resolve, reject) => {
      running.add(reject);
      piscina
        .run(argument, { name, signal })
        .then((reply: Reply<Value<C>>) => {
          hasAnswered = true;
          if ('value' in reply) {
            onRequests?.(reply.requests ?? 0);
            resolve(reply.value);
          } else reject(new AssayError('internal', `scanning thread: ${reply.error}`));
        }, reject)
        .finally(() => running.delete(reject));
    });
  }

  async function maskKeys(keys: string[]): Promise<string[]> {
    return await call('maskKeys', keys, null);
  }

  async function scan(
    tasks: ScanTask[],
    signal: AbortSignal,
    onRequests?: (count: number) => void,
  ): Promise<ObjectScan[]> {
    const deadline = deadlineOf(tasks, graceMs);
    const pulse = createPulse();
    const life = watchPulse(pulse, Math.max(...tasks.map(({ limits }) => limits.maxStallMs)));
    const signals = deadline === null ? [signal, life.signal] : [signal, life.signal, deadline];
    try {
      return await call('scan', { tasks, pulse }, joinSignals(...signals), onRequests).finally(life.stop);
    } catch (error) {
      signal.throwIfAborted();
      if (isAssayError(error)) throw error;
      const [task] = tasks;
      if (task !== undefined && tasks.length === 1) {
        const [shownKey] = await maskKeys([task.object.key]);
        return deadline?.aborted === true || life.signal.aborted
          ? [emptyScan('failed:timeout', shownKey ?? '')]
          : [emptyScan('failed:crashed', shownKey ?? '', { [causeOfDeath(error)]: 1 })];
      }
      const results: ObjectScan[] = [];
      for (const single of tasks) results.push(...(await scan([single], signal, onRequests)));
      return results;
    }
  }

  return {
    threads,
    data,
    permits,
    large,
    parts,
    scan,
    async plan(task, signal) {
      return await call('plan', task, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        if (isAssayError(error)) throw error;
        // The thread died while it looked: reading the whole object will tell.
        return null;
      });
    },
    maskKeys,
    async close() {
      await piscina.destroy();
    },
  };
}

/** A thread takes its compile cache from the environment alone: this process's own is not for it otherwise. */
function threadEnvironment(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) };
}

/** For the notes of an outcome: what ended the thread, without anything that it may have read. */
function causeOfDeath(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return 'out of heap';
  if (error instanceof Error && /^worker exited with code: \d+$/.test(error.message)) return 'exit';
  return placeOfError(error, ROOT);
}

function deadlineOf(tasks: ScanTask[], graceMs: number): AbortSignal | null {
  let total = 0;
  for (const { limits } of tasks) {
    if (limits.maxObjectMs === 0) return null;
    total += limits.maxObjectMs;
  }
  return AbortSignal.timeout(Math.min(total + graceMs, 2 ** 31 - 1));
}

function joinSignals(...signals: AbortSignal[]): AbortSignal {
  const joined = AbortSignal.any(signals);
  setMaxListeners(0, joined);
  return joined;
}
