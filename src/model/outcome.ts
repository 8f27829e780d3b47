/** Why a part of an object was not scanned. The set is closed: reports and scripts rely on the words. */
export const PARTIAL_REASONS = [
  'truncated', // the stream ended in the middle of a member, page or document
  'corrupt', // part of it does not follow its format; what could be read was scanned
  'decoded-bytes-limit',
  'ratio-limit',
  'depth-limit',
  'entries-limit',
  'line-limit',
  'page-limit',
  'time-limit',
  'memory-limit',
  'unsupported-codec', // a column or member uses a codec there is no decoder for
  'unsupported-member', // a member is of a format there is no decoder for
  'encrypted', // a column or member is encrypted
  'budget', // not read at all: the scan ended at its budget; the report alone says so, in the ledger it is open
] as const;
export const SKIPPED_REASONS = ['media', 'excluded', 'archived-tier', 'unsupported', 'encrypted'] as const;
export const FAILED_REASONS = [
  'access-denied',
  'not-found',
  'object-changed',
  'network',
  'corrupt',
  'crashed',
  'timeout',
  'poison',
  'unaddressable-key',
  'internal',
] as const;

export type PartialReason = (typeof PARTIAL_REASONS)[number];
export type SkippedReason = (typeof SKIPPED_REASONS)[number];
export type FailedReason = (typeof FAILED_REASONS)[number];

/** Every listed object ends in exactly one. */
export type Outcome = 'complete' | `partial:${PartialReason}` | `skipped:${SkippedReason}` | `failed:${FailedReason}`;

/** Listed and counted, but no scanner could be expected to read them: they do not lower coverage (contract, exit codes). */
const NOT_SCANNABLE: ReadonlySet<string> = new Set(['skipped:media', 'skipped:excluded', 'skipped:archived-tier']);

export function isScannable(outcome: Outcome): boolean {
  return !NOT_SCANNABLE.has(outcome);
}

/** Whether some of the object was read, so that what was not found in it means something. */
export function wasRead(outcome: Outcome): boolean {
  const kind = outcomeClass(outcome);
  return kind === 'complete' || (kind === 'partial' && outcome !== 'partial:budget');
}

export type OutcomeClass = 'complete' | 'partial' | 'skipped' | 'failed';

export function outcomeClass(outcome: Outcome): OutcomeClass {
  const colon = outcome.indexOf(':');
  return (colon < 0 ? outcome : outcome.slice(0, colon)) as OutcomeClass;
}
