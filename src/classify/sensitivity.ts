import type { DetectorInfo, Level } from '../model/detector-info.ts';
import type { Sensitivity } from '../model/posture.ts';
import { thousands } from '../model/thousands.ts';
import { BULK, isBulk, maxLevel, nextLevel } from './levels.ts';

/** Objects of one bucket, as the ledger counted them. */
export interface BucketCoverage {
  listed: number;
  /** Those a scanner can be expected to read. */
  scannable: number;
  /** Read to the end. */
  complete: number;
  /** Read in part. */
  partial: number;
  /** False: the listing broke, and nobody knows how many more there are. */
  isListed: boolean;
}

/** All findings of one kind in one bucket. */
export interface KindTotals {
  info: DetectorInfo;
  /** After published contacts were lowered. */
  level: Level;
  probability: number;
  /** Occurrences. */
  count: number;
  /** Distinct values: people, for personal data. */
  distinct: number;
  objects: number;
  /** Columns it stands in, in order; at most three are told. */
  columns: string[];
  /** Why it counts less than usual, in words. */
  remark?: string;
}

/** Weight of a level in the score. */
const WEIGHTS: Record<Level, number> = { none: 0, internal: 0.25, confidential: 0.6, restricted: 0.95 };

/**
 * Level and score of a bucket: S = 100·(1 − Π(1 − w·P·v)) over kinds of data, with w by level, P the probability and
 * v = min(1, log10(1 + distinct) / 3) — one person 0.1, a thousand 1; a secret counts whole, since one opens the door.
 * `scoreAtMost` adds restricted data in everything that was not read. Clean objects never lower the score.
 */
export function sensitivityOf(kinds: readonly KindTotals[], coverage: BucketCoverage): Sensitivity {
  const judged = kinds.map((kind) => ({ kind, level: levelOf(kind) }));
  judged.sort(
    (a, b) =>
      WEIGHTS[b.level] - WEIGHTS[a.level] ||
      b.kind.distinct - a.kind.distinct ||
      (a.kind.info.id < b.kind.info.id ? -1 : a.kind.info.id > b.kind.info.id ? 1 : 0),
  );
  const clean = judged.reduce(
    (rest, { kind, level }) => rest * (1 - WEIGHTS[level] * kind.probability * volume(kind)),
    1,
  );
  const unread = coverage.scannable - coverage.complete;
  const because = judged.map(({ kind, level }) => reason(kind, level));
  if (isBlind(coverage) && kinds.length === 0) {
    return { level: 'unknown', score: 0, scoreAtMost: 100, because: [blindReason(coverage)] };
  }
  if (unread > 0) because.push(`${unread} of ${coverage.scannable} objects were not read completely`);
  if (!coverage.isListed) because.push('the listing broke: there may be more objects');
  const isWhole = coverage.isListed && unread === 0;
  if (because.length === 0) because.push(coverage.listed === 0 ? 'no objects' : 'nothing was found');
  return {
    level: judged.reduce<Level>((level, each) => maxLevel(level, each.level), 'none'),
    score: round(100 * (1 - clean)),
    scoreAtMost: round(100 * (1 - clean * (isWhole ? 1 : 1 - WEIGHTS.restricted))),
    because,
  };
}

function levelOf({ info, level, distinct }: KindTotals): Level {
  return isBulk(info.category, level, distinct) ? nextLevel(level) : level;
}

function volume({ info, distinct }: KindTotals): number {
  return info.issuer === null ? Math.min(1, Math.log10(1 + distinct) / 3) : 1;
}

/** Whether there was something to read and nothing of it was. */
function isBlind({ listed, scannable, complete, partial, isListed }: BucketCoverage): boolean {
  return scannable > 0 ? complete + partial === 0 : listed > 0 || !isListed;
}

function blindReason({ listed, scannable }: BucketCoverage): string {
  if (listed === 0) return 'the bucket could not be listed';
  return scannable > 0
    ? `none of ${scannable} objects could be read`
    : `none of ${listed} objects is in a format that can hold text`;
}

/** `3 AWS secret access keys in 2 objects (restricted)`, `US_SSN in column ssn: 1,204 distinct in 1 object (restricted)`. */
function reason(kind: KindTotals, level: Level): string {
  const { info, distinct, objects, columns, remark } = kind;
  const where = `in ${objects} ${objects === 1 ? 'object' : 'objects'}`;
  const notes = [
    level,
    ...(level !== kind.level ? [`${BULK} or more distinct`] : []),
    ...(remark === undefined ? [] : [remark]),
  ];
  if (info.issuer !== null) return `${thousands(distinct)} × ${info.name} ${where} (${notes.join('; ')})`;
  const place =
    columns.length === 0
      ? ''
      : ` in column ${columns.slice(0, 3).join(', ')}${columns.length > 3 ? ' and others' : ''}`;
  return `${info.level === 'none' ? info.name : info.entity}${place}: ${thousands(distinct)} distinct ${where} (${notes.join('; ')})`;
}

function round(score: number): number {
  return Math.round(score * 10) / 10;
}
