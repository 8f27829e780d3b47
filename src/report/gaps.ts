import { isScannable, type Outcome, outcomeClass } from '../model/outcome.ts';
import type { ObjectReport, Report } from '../model/report.ts';

/** Objects that ended in one way other than complete, and what would change it. */
export interface Gap {
  /** `failed:access-denied`, or `not reached`. */
  outcome: string;
  count: number;
  advice: string;
  /** As many of them as the report lists. */
  objects: readonly ObjectReport[];
}

type Ending = Exclude<Outcome, 'complete'>;

const DECRYPT = 'Scan a decrypted copy, or the data before it is encrypted.';
const ADVICE: Record<Ending, string> = {
  'partial:truncated': 'It ends in the middle: upload it again from its source.',
  'partial:corrupt': 'A part does not follow the format: upload it again, or check it with the tool that wrote it.',
  'partial:decoded-bytes-limit': 'It unpacks to more than is allowed: raise --max-decoded-bytes.',
  'partial:ratio-limit': 'It unpacks to far more than it is, as a bomb does: look at it, then raise --max-ratio.',
  'partial:depth-limit': 'Archives stand too deep in one another: unpack it, or raise --max-depth.',
  'partial:entries-limit': 'It has too many members: unpack it, or raise --max-entries.',
  'partial:line-limit': 'A line is longer than the limit: raise --max-line-bytes, or set no limit.',
  'partial:page-limit': 'A Parquet page is too large: write it with smaller pages, or raise --max-page-bytes.',
  'partial:time-limit': 'It takes too long: raise --max-object-ms.',
  'partial:memory-limit': 'It needs more memory than one object may take: split it into smaller objects.',
  'partial:unsupported-codec':
    'A part is compressed in a way that cannot be undone here: write it with zstd, gzip or snappy.',
  'partial:encrypted': DECRYPT,
  'partial:unsupported-member':
    'There is no decoder for some of its members: unpack it, or --exclude it when those hold no text.',
  'partial:budget': 'The budget was used up before its turn: the same command with a larger one goes on.',
  'skipped:media': 'Images, audio and video are not read.',
  'skipped:excluded': 'It was excluded.',
  'skipped:archived-tier': 'Restore it from its archive tier, then scan again.',
  'skipped:unsupported': 'There is no decoder for its format: convert it, or --exclude it when it holds no text.',
  'skipped:encrypted': DECRYPT,
  'failed:access-denied': '',
  'failed:not-found': 'It was deleted after it was listed: scan again.',
  'failed:object-changed': 'It was written while it was read: scan again when nothing writes to it.',
  'failed:network': 'The connection broke again and again: scan again, what is complete is not read twice.',
  'failed:corrupt': 'It cannot be read as the format it claims to be: upload it again, or --exclude it.',
  'failed:crashed':
    'Reading it ended a thread: scan again; when that does not help, --exclude it and report the format.',
  'failed:timeout': 'It took too long: raise --max-object-ms.',
  'failed:poison': 'It ended its process three times: --exclude it, or scan it alone with more memory.',
  'failed:unaddressable-key': 'Its name cannot be asked for ("." or ".." between slashes): copy it to another name.',
  'failed:internal': 'Scan again with --verbose, which says what went wrong.',
};
const DENIED_FILE = 'Let the user who scans read it (chmod o+r or an ACL), or scan as another user.';
const DENIED_OBJECT =
  'Grant the scanning identity s3:GetObject, and kms:Decrypt where a KMS key encrypts it; `assay doctor` shows what is missing.';
const NOT_REACHED = 'The scan ended before its turn: run the same command again, it goes on where it stopped.';

const ORDER = ['failed', 'partial', 'skipped'];

/** Why a scan is not complete: failures first, then what was read in part, then what could not be. */
export function gapsOf({ coverage, objects }: Report): Gap[] {
  const byEnding = Map.groupBy(objects, endingOf);
  const counts = new Map(Object.entries(coverage.reasons));
  const unreached = byEnding.get('not reached')?.length ?? 0;
  const internal = (counts.get('failed:internal') ?? 0) - unreached;
  if (unreached > 0) counts.set('not reached', unreached);
  if (internal <= 0) counts.delete('failed:internal');
  else counts.set('failed:internal', internal);
  return [...counts]
    .filter(([outcome]) => isScannable(outcome as Outcome))
    .map(([outcome, count]) => ({
      outcome,
      count,
      advice: adviceOf(outcome, byEnding.get(outcome) ?? []),
      objects: byEnding.get(outcome) ?? [],
    }))
    .sort((a, b) => rank(a.outcome) - rank(b.outcome) || b.count - a.count);
}

function endingOf({ outcome, notes }: ObjectReport): string {
  return notes?.['not-reached'] === undefined ? outcome : 'not reached';
}

function adviceOf(outcome: string, objects: readonly ObjectReport[]): string {
  if (outcome === 'not reached') return NOT_REACHED;
  if (outcome !== 'failed:access-denied') return ADVICE[outcome as Ending];
  const areFiles = objects.length > 0 && objects.every(({ uri }) => uri.startsWith('file://'));
  return areFiles ? DENIED_FILE : DENIED_OBJECT;
}

function rank(outcome: string): number {
  return outcome === 'not reached' ? -1 : ORDER.indexOf(outcomeClass(outcome as Outcome));
}
