import type { Detector, Trigger } from './detector.ts';

const MAX_MATCH_BYTES = 16384;
/** A trigger inside a match is searched this far to its left, for every occurrence of the trigger. */
const MAX_INSIDE_BYTES = 512;

/** RE2 refuses to count further; `*` and `+` are bounded by maxLength. */
const MAX_REPETITION = 1000;

export interface Problem {
  detector: string;
  problem: string;
}

/** What can be said against a detector without running it. Empty when it is well formed. */
export function checkDetector(detector: Detector): Problem[] {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const { id, issuer, entity, pattern, maxLength, triggers, randomPass } = detector;

  expect(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id), 'id is not kebab-case');
  expect(detector.name.trim() !== '', 'name is empty');
  expect((issuer === undefined) !== (entity === undefined), 'exactly one of issuer and entity must be set');
  expect(issuer === undefined || /^[a-z0-9]+$/.test(issuer), 'issuer is not lower case without spaces');
  expect(entity === undefined || /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(entity), 'entity is not UPPER_SNAKE');
  const isSecret = detector.category === 'secret' || detector.category === 'key';
  expect(isSecret === (issuer !== undefined), 'secrets and keys have an issuer, personal data an entity');
  expect(!isSecret || detector.level === 'restricted', 'the level of a secret or key is restricted');
  expect(detector.fix.endsWith('.'), 'fix is not a sentence');

  expect(Number.isInteger(maxLength) && maxLength > 0, 'maxLength is not a positive integer');
  expect(maxLength <= MAX_MATCH_BYTES, `maxLength is over ${MAX_MATCH_BYTES} bytes`);
  expect(Number.isFinite(detector.bits), 'bits is not a finite number');
  expect(randomPass === undefined || (randomPass > 0 && randomPass <= 1), 'randomPass is not in (0, 1]');
  expect(triggers.length > 0, 'there is no trigger');
  for (const trigger of triggers) problems.push(...checkTrigger(trigger, maxLength));
  expect(
    pattern !== undefined || triggers.every((trigger) => ['digits', 'number', 'table'].some((kind) => kind in trigger)),
    'pattern may be absent only when every trigger is digits, number or table',
  );
  expect(pattern !== '', 'pattern is empty');
  if (pattern !== undefined) problems.push(...checkPattern(pattern));

  const { context } = detector;
  const words = [...(context?.strong ?? []), ...(context?.weak ?? []), ...(context?.against ?? [])];
  const columns = [...(context?.columns ?? []), ...(context?.columnsAgainst ?? [])];
  expect(
    [...words, ...columns].every((word) => word !== '' && word === word.toLowerCase()),
    'context words and columns are written in lower case',
  );
  expect(
    columns.every((column) => !/[\s-]/.test(column)),
    'column names are joined by _',
  );
  expect(
    context?.required !== true ||
      (context.strong?.length ?? 0) + (context.weak?.length ?? 0) + (context.columns?.length ?? 0) > 0,
    'context is required but names neither words nor columns',
  );
  expect(detector.examples.length > 0, 'there is no example');
  expect(Object.keys(detector.counterExamples).length > 0, 'there is no counter-example');
  expect(
    Object.keys(detector.counterExamples).every((reason) => reason.trim() !== ''),
    'a counter-example has no reason',
  );
  return problems.map((problem) => ({ detector: id, problem }));
}

function checkTrigger(trigger: Trigger, maxLength: number): string[] {
  const problems: string[] = [];
  if ('literal' in trigger) {
    const { literal } = trigger;
    const isRare = /[^A-Za-z0-9\s]/.test(literal);
    if (literal.length === 0 || (literal.length < 3 && !isRare)) problems.push(`trigger "${literal}" is too short`);
    if (Buffer.byteLength(literal) > maxLength) problems.push(`trigger "${literal}" is longer than maxLength`);
  } else if ('sequence' in trigger) {
    const { length } = trigger.sequence;
    if (length < 3 || length > 12) problems.push(`trigger "${trigger.sequence}" is not 3 to 12 bytes`);
  } else if ('digits' in trigger) {
    if (trigger.digits.length === 0) problems.push('digits trigger without a shape');
    for (const shape of trigger.digits) {
      if (!/[9#]/.test(shape)) problems.push(`digits trigger "${shape}" has no digit`);
    }
  } else if ('number' in trigger && (trigger.number.min < 1 || trigger.number.min > trigger.number.max)) {
    problems.push('number trigger: min is not in 1..max');
  }
  if ('at' in trigger && trigger.at === 'inside' && maxLength > MAX_INSIDE_BYTES) {
    problems.push(`a trigger inside the match needs maxLength ≤ ${MAX_INSIDE_BYTES} bytes`);
  }
  return problems;
}

/** Anchors and Unicode-dependent classes change with the slice a pattern is tried on. */
function checkPattern(pattern: string): string[] {
  const problems: string[] = [];
  const bare = pattern.replace(/\\\\/g, '').replace(/\[(?:\\.|[^\]\\])*\]/g, '[]');
  if (/\\[bBAzZ]/.test(bare) || /(?<!\\)[\^$]/.test(bare)) problems.push('pattern has an anchor');
  if (/\\[wWdDsS]/.test(pattern.replace(/\\\\/g, ''))) problems.push('pattern has a class that is not written out');
  if (/\(\?[a-zA-Z-]+[:)]/.test(bare)) problems.push('pattern sets flags');
  for (const [, most] of bare.matchAll(/\{\d*,?(\d+)\}/g)) {
    if (Number(most) > MAX_REPETITION) problems.push(`pattern repeats more than ${MAX_REPETITION} times`);
  }
  if (/\(\?[=!]|\(\?<[=!]|\\[1-9]/.test(bare)) problems.push('pattern uses what RE2 cannot do');
  return problems;
}
