import { type ErrorCode, isAssayError } from '../src/errors.ts';
import type { Outcome } from '../src/model/outcome.ts';

const OUTCOMES: Partial<Record<ErrorCode, Outcome>> = {
  'access-denied': 'failed:access-denied',
  'bad-credentials': 'failed:access-denied',
  'wrong-owner': 'failed:access-denied',
  'not-found': 'failed:not-found',
  'bucket-not-found': 'failed:not-found',
  'object-changed': 'failed:object-changed',
  'archived-tier': 'skipped:archived-tier',
  encrypted: 'skipped:encrypted',
  'unaddressable-key': 'failed:unaddressable-key',
  'wrong-region': 'failed:network',
  network: 'failed:network',
  timeout: 'failed:timeout',
  corrupt: 'failed:corrupt',
};

export function outcomeOfError(error: unknown): Outcome {
  return (isAssayError(error) ? OUTCOMES[error.code] : undefined) ?? 'failed:internal';
}

/**
 * Where an unexpected error came from, `TypeError src/decode/csv.ts:120`, for the notes of an outcome. Never its
 * message, which may quote what was read.
 */
export function placeOfError(error: unknown, root: string): string {
  if (!(error instanceof Error)) return 'thrown value';
  const kind = /^[A-Za-z]{1,40}$/.test(error.constructor.name) ? error.constructor.name : 'Error';
  const head = `${error.name}: ${error.message}`;
  const stack = error.stack ?? '';
  if (!stack.startsWith(head)) return kind;
  for (const frame of stack.slice(head.length).split('\n')) {
    const at = frame.indexOf(root);
    const place = at < 0 ? undefined : /^[\w./-]+:\d+/.exec(frame.slice(at + root.length))?.[0];
    if (place !== undefined && !place.includes('node_modules')) return `${kind} ${place}`;
  }
  return kind;
}
