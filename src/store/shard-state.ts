import type { ObjectScan } from '../model/finding.ts';
import type { ObjectRef } from '../model/object.ts';
import type { Outcome } from '../model/outcome.ts';
import { pack, unpack } from './blob.ts';

/** What a shard knows of one object. Evidence, notes and a masked key are in a row of their own (`hasRow`). */
export interface ObjectState {
  outcome: Outcome;
  reused: boolean;
  /** False: the outcome was known when the object was listed, and nobody opened it. */
  isScanned: boolean;
  hasRow: boolean;
  format: string;
  bytesRead: number;
  bytesScanned: number;
  records: number;
  suppressed: Record<string, number> | null;
  sha256: string | null;
}
export type ShardState = (ObjectState | null)[];

export interface Tallies {
  doneObjects: number;
  doneBytes: number;
  bytesRead: number;
  bytesScanned: number;
  reused: number;
  maps: {
    outcomes: Record<string, [objects: number, bytes: number]>;
    formats: Record<string, [objects: number, bytes: number]>;
    suppressed: Record<string, number>;
  };
}

export function listedState(outcome: Outcome | null): ObjectState | null {
  if (outcome === null) return null;
  return {
    outcome,
    reused: false,
    isScanned: false,
    hasRow: false,
    format: '',
    bytesRead: 0,
    bytesScanned: 0,
    records: 0,
    suppressed: null,
    sha256: null,
  };
}

export function scannedState(scan: ObjectScan, key: string, reused: boolean): ObjectState {
  const { outcome, format, bytesRead, bytesScanned, records } = scan;
  const suppressed = Object.keys(scan.suppressed).length > 0 ? scan.suppressed : null;
  const hasRow =
    scan.values.length > 0 || scan.columns.length > 0 || Object.keys(scan.notes).length > 0 || scan.shownKey !== key;
  const sha256 = scan.sha256 ?? null;
  return { outcome, reused, isScanned: true, hasRow, format, bytesRead, bytesScanned, records, suppressed, sha256 };
}

/** The scan of an object without a row. */
export function cleanScan(state: ObjectState, key: string): ObjectScan {
  const { outcome, format, bytesRead, bytesScanned, records, suppressed, sha256 } = state;
  return {
    outcome,
    format,
    bytesRead,
    bytesScanned,
    records,
    values: [],
    columns: [],
    suppressed: suppressed ?? {},
    shownKey: key,
    notes: {},
    ...(sha256 === null ? {} : { sha256 }),
  };
}

/**
 * The sum over the shard, always made anew: saving an object twice counts it once. A reused object was scanned, but
 * nothing of it was read.
 */
export function tally(state: ShardState, objects: readonly ObjectRef[]): Tallies {
  const tallies: Tallies = {
    doneObjects: 0,
    doneBytes: 0,
    bytesRead: 0,
    bytesScanned: 0,
    reused: 0,
    maps: { outcomes: {}, formats: {}, suppressed: {} },
  };
  const add = (map: Record<string, [number, number]>, name: string, bytes: number) => {
    const [count, sum] = map[name] ?? [0, 0];
    map[name] = [count + 1, sum + bytes];
  };
  for (const [index, entry] of state.entries()) {
    if (entry === null) continue;
    const bytes = objects[index]?.byteLength ?? 0;
    tallies.doneObjects += 1;
    tallies.doneBytes += bytes;
    tallies.bytesScanned += entry.bytesScanned;
    if (entry.reused) tallies.reused += 1;
    else tallies.bytesRead += entry.bytesRead;
    add(tallies.maps.outcomes, entry.outcome, bytes);
    if (entry.format !== '') add(tallies.maps.formats, entry.format, bytes);
    for (const [reason, count] of Object.entries(entry.suppressed ?? {})) {
      tallies.maps.suppressed[reason] = (tallies.maps.suppressed[reason] ?? 0) + count;
    }
  }
  return tallies;
}

/** Column by column, words as indexes and sizes as differences to what they usually are: mostly zeros to compress. */
interface PackedState {
  words: string[];
  /** Index into `words` plus one; 0: no outcome yet. */
  outcome: number[];
  format: number[];
  flags: number[];
  read: number[];
  scanned: number[];
  records: number[];
  suppressed: [number, Record<string, number>][];
  /** Indexes and their hashes, one after the other in base64; absent in a state written before there were any. */
  hashed?: number[];
  hashes?: string;
}
const HASH_BYTES = 32;
const REUSED = 1;
const SCANNED = 2;
const HAS_ROW = 4;

export function packState(state: ShardState, objects: readonly ObjectRef[]): Buffer {
  const words = new Map<string, number>();
  const word = (text: string): number => {
    const known = words.get(text);
    if (known !== undefined) return known;
    words.set(text, words.size);
    return words.size - 1;
  };
  const suppressed: [number, Record<string, number>][] = [];
  const packed: PackedState = {
    words: [],
    outcome: [],
    format: [],
    flags: [],
    read: [],
    scanned: [],
    records: [],
    suppressed,
  };
  for (const [index, entry] of state.entries()) {
    packed.outcome.push(entry === null ? 0 : word(entry.outcome) + 1);
    packed.format.push(entry === null ? 0 : word(entry.format));
    packed.flags.push(
      entry === null ? 0 : (entry.reused ? REUSED : 0) | (entry.isScanned ? SCANNED : 0) | (entry.hasRow ? HAS_ROW : 0),
    );
    packed.read.push(entry === null ? 0 : entry.bytesRead - (objects[index]?.byteLength ?? 0));
    packed.scanned.push(entry === null ? 0 : entry.bytesScanned - entry.bytesRead);
    packed.records.push(entry?.records ?? 0);
    if (entry?.suppressed) suppressed.push([index, entry.suppressed]);
  }
  packed.words = [...words.keys()];
  const hashed = [...state.keys()].filter((index) => state[index]?.sha256 != null);
  if (hashed.length > 0) {
    packed.hashed = hashed;
    packed.hashes = Buffer.from(hashed.map((index) => state[index]?.sha256).join(''), 'hex').toString('base64');
  }
  return pack(packed);
}

export function unpackState(blob: Buffer, objects: readonly ObjectRef[]): ShardState {
  const packed = unpack<PackedState>(blob);
  const suppressed = new Map(packed.suppressed);
  const hashes = Buffer.from(packed.hashes ?? '', 'base64');
  const sha256 = new Map(
    packed.hashed?.map((index, at) => [index, hashes.toString('hex', at * HASH_BYTES, (at + 1) * HASH_BYTES)]),
  );
  return packed.outcome.map((outcome, index) => {
    if (outcome === 0) return null;
    const flags = packed.flags[index] ?? 0;
    const bytesRead = (packed.read[index] ?? 0) + (objects[index]?.byteLength ?? 0);
    return {
      outcome: packed.words[outcome - 1] as Outcome,
      reused: (flags & REUSED) !== 0,
      isScanned: (flags & SCANNED) !== 0,
      hasRow: (flags & HAS_ROW) !== 0,
      format: packed.words[packed.format[index] ?? 0] ?? '',
      bytesRead,
      bytesScanned: (packed.scanned[index] ?? 0) + bytesRead,
      records: packed.records[index] ?? 0,
      suppressed: suppressed.get(index) ?? null,
      sha256: sha256.get(index) ?? null,
    };
  });
}
