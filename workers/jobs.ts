import { z } from 'zod';
import { AssayError } from '../src/errors.ts';

/** What the queue carries: ids of ledger rows, never keys, values or credentials. Raise `v` when a field changes its meaning. */
const version = z.literal(1);
const scanId = z.string().min(1).max(64);

export const JOB_SCHEMAS = {
  list: z.strictObject({ v: version, scanId, targetIndex: z.int().min(0) }),
  shard: z.strictObject({ v: version, scanId, shardId: z.string().min(1).max(64) }),
  /** Exposure of the bucket of this target. */
  posture: z.strictObject({ v: version, scanId, targetIndex: z.int().min(0) }),
} as const;

export type JobKind = keyof typeof JOB_SCHEMAS;
export type JobOf<K extends JobKind> = z.infer<(typeof JOB_SCHEMAS)[K]>;
export type ListJob = JobOf<'list'>;
export type ShardJob = JobOf<'shard'>;
export type PostureJob = JobOf<'posture'>;

/** Throws `AssayError` `internal` for a job of another version of this program, or one that nobody here has written. */
export function parseJob<K extends JobKind>(kind: K, data: unknown): JobOf<K> {
  const parsed = JOB_SCHEMAS[kind].safeParse(data);
  if (parsed.success) return parsed.data as JobOf<K>;
  throw new AssayError('internal', `queue: a ${kind} job is not of version 1`, { cause: parsed.error });
}

/** Names one piece of work, so that the queue holds it once however often it is added. */
export function jobId<K extends JobKind>(kind: K, job: JobOf<K>): string {
  return `${kind}-${job.scanId}-${'shardId' in job ? job.shardId : job.targetIndex}`.replaceAll(':', '_');
}

export function isJobKind(name: string): name is JobKind {
  return Object.hasOwn(JOB_SCHEMAS, name);
}
