import { setMaxListeners } from 'node:events';
import type { ObjectScan } from '../src/model/finding.ts';
import type { ObjectResult, ShardRow } from '../src/model/ledger.ts';
import type { Limits } from '../src/model/limits.ts';
import type { ObjectRef } from '../src/model/object.ts';
import type { Outcome } from '../src/model/outcome.ts';
import type { Permits } from './permits.ts';
import { ResultSaver } from './result-saver.ts';
import type { ScanContext } from './scan-context.ts';
import { SPLIT_BYTES, scanParts } from './scan-parts.ts';
import { emptyScan, type ScanTask } from './thread-protocol.ts';

/** Small objects go to a thread together: a message, a start and a commit each would cost more than reading them. */
const BATCH_OBJECTS = 32;
const BATCH_BYTES = 1024 ** 2;
/** After this many starts without an end, an object is suspected to end the process. */
const MAX_STARTS = 3;

/**
 * Scans the objects of a shard that have no outcome yet. Before an object is opened its start is committed; after
 * `MAX_STARTS` starts without an end it runs alone in the process with lower limits, and after that not at all. Objects
 * that the budget has no room for are left as they are.
 */
export async function scanShard(context: ScanContext, shardId: string, signal: AbortSignal): Promise<void> {
  if (context.budget.spentUp !== null) return;
  const shard = await context.ledger.loadShard(shardId);
  const run = new ShardRun(context, shard, signal);
  const open = await run.reuse(indexesWithoutOutcome(shard));
  const starts = (index: number): number => shard.starts[index] ?? 0;

  await run.settle(
    open.filter((index) => starts(index) > MAX_STARTS),
    'failed:poison',
  );
  const usual = open.filter((index) => starts(index) < MAX_STARTS);
  await run.together(cutBatches(usual, shard));
  for (const index of open.filter((index) => starts(index) === MAX_STARTS)) await run.alone(index);
  await run.finish();
}

function indexesWithoutOutcome({ outcomes }: ShardRow): number[] {
  return [...outcomes.keys()].filter((index) => outcomes[index] === null);
}

/** Neighbours of at most 32 objects or 1 MiB; a larger object is a batch of its own. */
export function cutBatches(indexes: number[], { objects }: Pick<ShardRow, 'objects'>): number[][] {
  const batches: number[][] = [];
  let bytes = 0;
  for (const index of indexes) {
    const { byteLength } = objects[index] ?? { byteLength: 0 };
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === BATCH_OBJECTS || bytes + byteLength > BATCH_BYTES) {
      batches.push([index]);
      bytes = byteLength;
    } else {
      batch.push(index);
      bytes += byteLength;
    }
  }
  return batches;
}

/** Bounds for an object that may have ended the process before. */
export function lowerLimits(limits: Limits): Limits {
  return {
    maxDecodedBytes: Math.min(limits.maxDecodedBytes, 16 * 1024 ** 3),
    maxRatio: Math.min(limits.maxRatio, 100),
    maxDepth: Math.min(limits.maxDepth, 2),
    maxEntries: Math.min(limits.maxEntries, 10_000),
    maxLineBytes: limits.maxLineBytes,
    maxPageBytes: Math.min(limits.maxPageBytes, 16 * 1024 ** 2),
    maxHeldBytes: Math.min(limits.maxHeldBytes, 16 * 1024 ** 2),
    maxObjectMs: Math.min(limits.maxObjectMs || Number.POSITIVE_INFINITY, 30 * 60_000),
    maxStallMs: limits.maxStallMs,
  };
}

class ShardRun {
  private readonly context: ScanContext;
  private readonly shard: ShardRow;
  private readonly saver: ResultSaver;
  /** Aborts the other batches of the shard when one has failed. */
  private readonly stop = new AbortController();
  private readonly signal: AbortSignal;

  constructor(context: ScanContext, shard: ShardRow, signal: AbortSignal) {
    this.context = context;
    this.shard = shard;
    this.saver = new ResultSaver(context, shard);
    this.signal = AbortSignal.any([signal, this.stop.signal]);
    setMaxListeners(0, this.signal);
  }

  /** Takes over what an earlier scan has read completely; answers the indexes that are left. */
  async reuse(indexes: number[]): Promise<number[]> {
    const { ledger, config, scan } = this.context;
    if (config.rescan || indexes.length === 0) return indexes;
    const earlier = await ledger.findReusable(
      indexes.map((index) => this.shard.objects[index]).filter((object) => object !== undefined),
      { ...scan, hashed: config.hash },
    );
    const reused: ObjectResult[] = [];
    const left: number[] = [];
    for (const [at, index] of indexes.entries()) {
      const found = earlier[at];
      if (found) reused.push({ index, scan: found, reused: true });
      else left.push(index);
    }
    if (reused.length > 0) await this.saver.add(reused);
    return left;
  }

  async settle(indexes: number[], outcome: Outcome): Promise<void> {
    if (indexes.length === 0) return;
    const shown = await this.context.threads.maskKeys(indexes.map((index) => this.shard.objects[index]?.key ?? ''));
    await this.saver.add(
      indexes.map((index, at) => ({ index, scan: emptyScan(outcome, shown[at] ?? ''), reused: false })),
    );
  }

  async together(batches: number[][]): Promise<void> {
    const ended = await Promise.allSettled(
      batches.map((batch) =>
        this.scanBatch(batch).catch((error: unknown) => {
          this.stop.abort(error);
          throw error;
        }),
      ),
    );
    // What was answered is kept, whatever became of the rest.
    await this.saver.flush();
    this.signal.throwIfAborted();
    const failed = ended.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async alone(index: number): Promise<void> {
    const { permits } = this.context.threads;
    const task = this.task(index, lowerLimits(this.context.config.limits));
    await this.inTurn(permits, permits.total, () =>
      this.read([index], (onRequests) => this.context.threads.scan([task], this.context.kill, onRequests)),
    );
    await this.saver.flush();
  }

  async finish(): Promise<void> {
    await this.saver.flush();
  }

  private async scanBatch(batch: number[]): Promise<void> {
    const { permits, large } = this.context.threads;
    const [first] = batch;
    const isLarge = first !== undefined && (this.shard.objects[first]?.byteLength ?? 0) > SPLIT_BYTES;
    if (!isLarge) await this.inTurn(permits, 1, () => this.scanSmall(batch));
    else await this.inTurn(large, 1, () => this.inTurn(permits, 1, () => this.scanLarge(first)));
  }

  /** Scans that share the threads take turns. */
  private inTurn(permits: Permits, count: number, work: () => Promise<void>): Promise<void> {
    return permits.use(count, this.signal, work, this.shard.scanId);
  }

  private async scanSmall(batch: number[]): Promise<void> {
    const { threads, meter, kill } = this.context;
    await this.read(batch, async (onRequests, fitting) => {
      const scans = await threads.scan(
        fitting.map((index) => this.task(index)),
        kill,
        onRequests,
      );
      for (const scan of scans) meter.read(scan);
      return scans;
    });
  }

  private async scanLarge(index: number): Promise<void> {
    const { threads, meter, kill } = this.context;
    await this.read([index], async (onRequests) => [
      await scanParts(threads, this.task(index), kill, (part) => meter.read(part), onRequests),
    ]);
  }

  /**
   * Between the commit of the start and the answer there is nothing that the ledger does not know of. `scan` gets those
   * of the batch that the budget has room for.
   */
  private async read(
    wanted: number[],
    scan: (onRequests: (count: number) => void, batch: number[]) => Promise<ObjectScan[]>,
  ): Promise<void> {
    const { ledger, budget } = this.context;
    const objects = wanted.map((index) => this.object(index));
    const batch = wanted.slice(0, budget.reserve(objects));
    if (batch.length === 0) return;
    let requests = 0;
    let scans: ObjectScan[] = [];
    try {
      await ledger.startObjects(this.shard.id, batch);
      scans = await scan((count) => {
        requests += count;
      }, batch);
    } catch (error) {
      // Whatever it is, the process has survived it.
      await ledger.unstartObjects(this.shard.id, batch).catch(() => {});
      throw error;
    } finally {
      const bytes = scans.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
      budget.settle(objects.slice(0, batch.length), bytes, requests);
    }
    const results: ObjectResult[] = [];
    for (const [at, index] of batch.entries()) {
      const answer = scans[at];
      if (answer !== undefined) results.push({ index, scan: answer, reused: false });
    }
    await this.saver.add(results);
    await budget.tell();
  }

  private object(index: number): ObjectRef {
    const object = this.shard.objects[index];
    if (object === undefined) throw new RangeError(`shard ${this.shard.id} has no object ${index}`);
    return object;
  }

  private task(index: number, limits = this.context.config.limits): ScanTask {
    return {
      object: this.object(index),
      limits,
      maxLocations: this.context.config.maxLocations,
      detectorSet: this.context.scan.detectorSet,
      hash: this.context.config.hash,
    };
  }
}
