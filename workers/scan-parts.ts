import { mergeScans } from '../src/classify/merge.ts';
import type { MatchTally, ObjectScan } from '../src/model/finding.ts';
import type { Location } from '../src/model/segment.ts';
import type { ThreadPool } from './thread-pool.ts';
import { emptyScan, type ScanTask } from './thread-protocol.ts';

/** An object above this size is read in parts by all threads when its format allows it. */
export const SPLIT_BYTES = 64 * 1024 ** 2;

/** Scans a large object, in parts where its format allows it and no hash is wanted, else as a whole. */
export async function scanParts(
  threads: ThreadPool,
  task: ScanTask,
  signal: AbortSignal,
  onPart: (scan: ObjectScan) => void,
  onRequests?: (count: number) => void,
): Promise<ObjectScan> {
  const ranges = task.hash ? null : await threads.plan(task, signal);
  const tasks = ranges === null ? [task] : ranges.map((range) => ({ ...task, range }));
  const scans = await Promise.all(
    tasks.map((part) =>
      threads.parts.use(1, signal, async () => {
        const [scan] = await threads.scan([part], signal, onRequests);
        if (scan === undefined) throw new Error('scanning thread: no answer');
        onPart(scan);
        return scan;
      }),
    ),
  );
  return joinParts(scans, task.maxLocations);
}

/** The answer for the whole object from those for its parts in the order of their offsets. Throws `RangeError` for no parts. */
export function joinParts(scans: ObjectScan[], maxLocations: number): ObjectScan {
  const changed = scans.find(({ outcome }) => outcome === 'failed:object-changed');
  // Parts of two versions are not findings of one object.
  if (changed !== undefined) return emptyScan(changed.outcome, changed.shownKey);
  let rowBase = 0;
  const parts = scans.map((scan) => {
    const part = { scan: shiftLines(scan, rowBase), rowBase };
    rowBase += scan.records;
    return part;
  });
  return mergeScans(parts, maxLocations);
}

/** Of the formats that have parts, those with lines have a record a line. */
function shiftLines(scan: ObjectScan, lines: number): ObjectScan {
  const shift = (place: Location): Location =>
    place.line === undefined ? place : { ...place, line: place.line + lines };
  const tally = (matches: MatchTally): MatchTally => ({ ...matches, locations: matches.locations.map(shift) });
  return {
    ...scan,
    values: scan.values.map((value) => ({ ...value, locations: value.locations.map(shift) })),
    columns: scan.columns.map((column) => ({ ...column, strong: tally(column.strong), weak: tally(column.weak) })),
  };
}
