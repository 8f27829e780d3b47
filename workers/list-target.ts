import { AssayError, type ErrorCode, isAssayError } from '../src/errors.ts';
import type { NewShard } from '../src/model/ledger.ts';
import type { ObjectRef, Target } from '../src/model/object.ts';
import type { Outcome } from '../src/model/outcome.ts';
import { keyMatcher } from '../src/providers/key-matcher.ts';
import { createKeyFilter } from './key-filter.ts';
import type { ScanContext } from './scan-context.ts';
import { ShardHandover } from './shard-handover.ts';

const SHARD_OBJECTS = 1000;
const MAX_SHARD_BYTES = 1024 ** 3;
const MIN_SHARD_BYTES = 64 * 1024 ** 2;
/** A shard holds at most this part of the bytes listed before it. */
const SHARD_PART = 32;
/** Storage classes whose objects must be restored before they can be read. */
const ARCHIVED_CLASSES: ReadonlySet<string> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/**
 * Lists one target from its stored cursor to its end. Each page's shards and the cursor after it are committed together,
 * then the shards are handed to the queue. A listing that breaks is recorded with its error, which is also the answer;
 * an error of the ledger or the queue is thrown: it says nothing about the listing.
 */
export async function listTarget(
  context: ScanContext,
  targetIndex: number,
  addShards: (shardIds: string[]) => Promise<void>,
  signal: AbortSignal,
): Promise<AssayError | null> {
  const { ledger, scan, config, emit, meter, budget } = context;
  const target = context.targets[targetIndex];
  if (target === undefined) throw new AssayError('internal', `scan ${scan.id} has no target ${targetIndex}`);
  if (target.lost !== undefined) {
    const { lost } = target;
    await ledger.saveListing(scan.id, targetIndex, { shards: [], cursor: null, complete: false, error: lost });
    emit({ type: 'listing', targetIndex, objects: 0, bytes: 0, complete: false, error: lost });
    return new AssayError(lost.code as ErrorCode, lost.message);
  }
  const isIncluded = createKeyFilter(config.include, config.exclude);
  const isOwn = ownKeys(context.targets, targetIndex);
  let { cursor, complete } = await ledger.listing(scan.id, targetIndex);
  if (complete || !budget.mayList()) return null;

  const handover = new ShardHandover(addShards);
  let isListing = true;
  let listedBytes = 0;
  try {
    const provider = await context.provider(target.bucket.provider);
    for await (const page of provider.listObjects(target, cursor, signal)) {
      signal.throwIfAborted();
      isListing = false;
      const objects = page.objects.filter(({ key }) => isOwn(key));
      const shards = cutShards(target.bucket.uri, objects, isIncluded, listedBytes);
      const from = cursor;
      ({ cursor } = page);
      complete = cursor === null;
      const shardIds = await ledger.saveListing(scan.id, targetIndex, { shards, from, cursor, complete });
      handover.add(shardIds);
      const bytes = sumBytes(objects);
      listedBytes += bytes;
      meter.listed(objects.length, bytes);
      emit({ type: 'listing', targetIndex, objects: objects.length, bytes, complete, error: null });
      countPreset(context, shards);
      await budget.tell();
      if (!complete && !budget.mayList()) {
        await handover.end();
        return null;
      }
      isListing = true;
    }
    if (!complete) throw new AssayError('listing-failed', `listing of ${target.text} ended without a last page`);
    isListing = false;
    await handover.end();
    return null;
  } catch (cause) {
    if (signal.aborted || !isListing) await handover.drop();
    signal.throwIfAborted();
    if (!isListing) throw cause;
    await handover.end();
    const error = isAssayError(cause)
      ? cause
      : new AssayError('listing-failed', `listing of ${target.text} failed unexpectedly`, { cause });
    const shown = { code: error.code, message: error.message };
    await ledger.saveListing(scan.id, targetIndex, { shards: [], cursor, complete: false, error: shown });
    emit({ type: 'listing', targetIndex, objects: 0, bytes: 0, complete: false, error: shown });
    return error;
  }
}

/** Where targets overlap, an object belongs to the first of them alone: it is listed, counted and found in once. */
export function ownKeys(targets: readonly Target[], targetIndex: number): (key: string) => boolean {
  const uri = targets[targetIndex]?.bucket.uri;
  const earlier = targets
    .slice(0, targetIndex)
    .filter(({ bucket }) => bucket.uri === uri)
    .map(({ prefix, glob }) => ({ prefix, matches: keyMatcher(glob) }));
  return (key) => !earlier.some(({ prefix, matches }) => key.startsWith(prefix) && matches(key));
}

/**
 * At most 1,000 objects or 1 GiB a shard, in listing order. The first of a target are smaller, 64 MiB, and they grow with
 * the bytes `listedBefore` them: a small target is enough work for all workers, a large one not too many jobs.
 */
export function cutShards(
  bucketUri: string,
  objects: ObjectRef[],
  isIncluded: (key: string) => boolean,
  listedBefore: number,
): NewShard[] {
  const shards: NewShard[] = [];
  let shard: NewShard | undefined;
  let bytes = 0;
  let listed = listedBefore;
  for (const object of objects) {
    const most = Math.min(MAX_SHARD_BYTES, Math.max(MIN_SHARD_BYTES, listed / SHARD_PART));
    listed += object.byteLength;
    if (shard === undefined || shard.objects.length === SHARD_OBJECTS || bytes + object.byteLength > most) {
      shard = { bucketUri, objects: [], outcomes: [] };
      shards.push(shard);
      bytes = 0;
    }
    const outcome = outcomeAtListing(object, isIncluded);
    shard.objects.push(object);
    shard.outcomes.push(outcome);
    if (outcome === null) bytes += object.byteLength;
  }
  return shards;
}

/** What is known of an object without opening it; null: it is to be read. */
export function outcomeAtListing(object: ObjectRef, isIncluded: (key: string) => boolean): Outcome | null {
  if (!isIncluded(object.key)) return 'skipped:excluded';
  if (object.storageClass !== undefined && ARCHIVED_CLASSES.has(object.storageClass)) return 'skipped:archived-tier';
  return object.skip === undefined ? null : `skipped:${object.skip}`;
}

function countPreset({ meter }: ScanContext, shards: NewShard[]): void {
  for (const { objects, outcomes } of shards) {
    const preset = objects.filter((_object, index) => outcomes[index] !== null);
    if (preset.length > 0) meter.done(preset.length, sumBytes(preset));
  }
}

function sumBytes(objects: ObjectRef[]): number {
  return objects.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
