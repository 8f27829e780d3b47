import { createRequire } from 'node:module';
import type RE2Type from 're2';
import { checkDetector } from '../../detectors/check-detector.ts';
import type { Trigger } from '../../detectors/detector.ts';
import { type OwnDetector, ownDetector } from '../../detectors/own-detector.ts';
import { namedCheck } from '../../detectors/validators/named-checks.ts';
import { compileSet } from './compile.ts';
import { deriveTriggers, literalProblem } from './derive-triggers.ts';
import { groupNames, measurePattern, type PatternSize, printPattern } from './pattern-measure.ts';
import { PatternError, type PatternNode, parsePattern } from './pattern-parse.ts';

const RE2 = createRequire(import.meta.url)('re2') as typeof RE2Type;

/** About 5 MB in every thread; RE2 itself gives up at some 80,000. */
const MAX_PROGRAM = 50_000;
/** Each place where a trigger stands costs a search of so many bytes at most. */
const MAX_MATCH_BYTES = 4096;
/**
 * How much longer than its trigger a match may be. A text of nothing but triggers is then still read at some 4 MB/s: RE2
 * searches 600 MB/s. Where a match begins before its trigger, the search goes to both sides and may begin again.
 */
const SEARCH = { start: { perByte: 128, least: 256 }, inside: { perByte: 24, least: 96 } } as const;
/** Behind its first byte a trigger inside a match may begin this much earlier (`MAX_LOOK_BACK`). */
const MAX_INSIDE_BYTES = 512;
const DEFAULT_PROBABILITY = 0.9;
const LEVEL_OF_CATEGORY = {
  secret: 'restricted',
  key: 'restricted',
  pii: 'restricted',
  phi: 'restricted',
  pci: 'restricted',
  contact: 'internal',
  business: 'confidential',
} as const satisfies Record<OwnDetector['category'], OwnDetector['level']>;

type Written = Omit<OwnDetector, 'rules' | 'bits' | 'randomPass'> &
  Omit<OwnDetector['rules'], 'skipsPlaceholders'> & { probability: number; placeholders: 'skip' | 'report' };
/** The fields that decide what is found, as they were written; any may be wrong and therefore absent. */
export type OwnFields = { [Name in keyof Written]?: Written[Name] | undefined };

export interface Settled {
  /** Null when something is wrong. */
  own: OwnDetector | null;
  problems: { path: PropertyKey[]; reason: string }[];
  /** Instructions of its program, for the bound of all together. */
  program: number;
}

/**
 * Completes a detector: short classes written out, triggers and length taken from the pattern where they are not given.
 * Tells everything that is wrong with it.
 */
export function settleOwnDetector(fields: OwnFields): Settled {
  const problems: Settled['problems'] = [];
  const report = (field: string, reason: string): void => void problems.push({ path: [field], reason });
  const parsed =
    fields.pattern === undefined ? null : readPattern(fields.pattern, (reason) => report('pattern', reason));
  const maxLength = settleLength(fields, parsed, report);
  const triggers = settleTriggers(fields, parsed?.node ?? null, maxLength, (path, reason) =>
    problems.push({ path, reason }),
  );
  const checks = fields.checks ?? [];
  const names = parsed === null ? [] : groupNames(parsed.node);
  for (const [index, name] of checks.entries()) {
    const missing = namedCheck(name)?.groups?.filter((group) => !names.includes(group)) ?? [];
    if (missing.length > 0 && (parsed !== null || fields.pattern === undefined)) {
      const groups = missing.map((group) => `(?P<${group}>…)`).join(' and ');
      problems.push({ path: ['checks', index], reason: `needs ${groups} in the pattern` });
    }
  }
  const { id, issuer, entity, category, severity } = fields;
  const isWhole = id !== undefined && category !== undefined && severity !== undefined;
  if (problems.length > 0 || !isWhole || maxLength === null || triggers === null) {
    return { own: null, problems, program: parsed?.size.program ?? 0 };
  }
  const { name, level, fix, source, replaces, edges, context, alphabet, minEntropy, placeholders } = fields;
  const isSecret = category === 'secret' || category === 'key';
  const probability = fields.probability ?? DEFAULT_PROBABILITY;
  const randomPass = checks.reduce((product, check) => product * (namedCheck(check)?.randomPass ?? 1), 1);
  const own: OwnDetector = {
    id,
    name: name ?? id,
    ...(issuer === undefined ? {} : { issuer }),
    ...(entity === undefined ? {} : { entity }),
    category,
    severity,
    level: level ?? LEVEL_OF_CATEGORY[category],
    fix: sentence(
      fix ?? (isSecret ? 'Revoke it and issue a new one.' : 'Remove the values or replace them with keyed tokens.'),
    ),
    ...(source === undefined ? {} : { source }),
    ...(replaces === undefined ? {} : { replaces }),
    triggers,
    ...(parsed === null ? {} : { pattern: printPattern(parsed.node) }),
    maxLength,
    ...(edges === undefined ? {} : { edges }),
    bits: Math.log2(probability / (1 - probability)),
    ...(randomPass < 1 ? { randomPass } : {}),
    ...(context === undefined ? {} : { context }),
    rules: {
      checks,
      ...(alphabet === undefined ? {} : { alphabet }),
      ...(minEntropy === undefined ? {} : { minEntropy }),
      skipsPlaceholders: placeholders === undefined ? isSecret : placeholders === 'skip',
    },
  };
  problems.push(...lastProblems(own));
  return { own: problems.length === 0 ? own : null, problems, program: parsed?.size.program ?? 0 };
}

function readPattern(
  pattern: string,
  report: (reason: string) => void,
): { node: PatternNode; size: PatternSize } | null {
  try {
    const node = parsePattern(pattern);
    const size = measurePattern(node);
    if (size.program > MAX_PROGRAM) {
      report(`"${short(pattern)}" is too large: some ${Math.round(size.program)} instructions, at most ${MAX_PROGRAM}`);
      return null;
    }
    if (size.shortest === 0) {
      report('matches the empty text');
      return null;
    }
    // The last word on what compiles is the engine's.
    new RE2(printPattern(node), 'u');
    return { node, size };
  } catch (error) {
    report(
      `"${short(pattern)}": ${error instanceof PatternError || error instanceof SyntaxError ? error.message : 'RE2 refuses it'}`,
    );
    return null;
  }
}

function short(pattern: string): string {
  return pattern.length <= 60 ? pattern : `${pattern.slice(0, 57)}…`;
}

function settleLength(
  { maxLength, triggers }: OwnFields,
  parsed: { size: PatternSize } | null,
  report: (field: string, reason: string) => void,
): number | null {
  const { shortest = 1, longest = 0 } = parsed?.size ?? {};
  if (maxLength !== undefined) {
    if (maxLength >= shortest) return Math.min(maxLength, longest || maxLength);
    report('maxLength', `is below the ${shortest} bytes of the shortest match`);
    return null;
  }
  if (parsed === null) return longestNumber(triggers ?? []);
  if (longest === Number.POSITIVE_INFINITY) {
    report('maxLength', 'is missing: the pattern has no longest match; give one in bytes, or write {1,64} for +');
    return null;
  }
  if (longest <= MAX_MATCH_BYTES) return longest;
  report('pattern', `matches up to ${longest} bytes; at most ${MAX_MATCH_BYTES}`);
  return null;
}

/** Numbers may have a sign and two separators at each digit. */
function longestNumber(triggers: readonly Trigger[]): number {
  const lengths = triggers.map((trigger) => {
    if ('digits' in trigger) return Math.max(...trigger.digits.map((shape) => shape.replaceAll('#', '###').length));
    return 'number' in trigger ? trigger.number.max * 3 + 2 : 1;
  });
  return Math.max(1, ...lengths);
}

function settleTriggers(
  { triggers, pattern }: OwnFields,
  node: PatternNode | null,
  maxLength: number | null,
  report: (path: PropertyKey[], reason: string) => void,
): Trigger[] | null {
  if (triggers !== undefined) {
    for (const [index, trigger] of triggers.entries()) {
      if (!('literal' in trigger)) continue;
      const reason = literalProblem(trigger.literal, trigger.fold === true);
      if (reason !== null) report(['triggers', index, 'literal'], `"${trigger.literal}" ${reason}`);
    }
    checkCost(triggers, maxLength, report);
    return triggers;
  }
  if (pattern === undefined || node === null) return null;
  const derived = deriveTriggers(node);
  if ('missing' in derived) {
    report(['pattern'], derived.missing);
    return null;
  }
  const isInside = derived.triggers.some((trigger) => 'at' in trigger && trigger.at === 'inside');
  if (isInside && maxLength !== null && maxLength > MAX_INSIDE_BYTES) {
    const reason = `does not begin with its fixed text, so that its matches have at most ${MAX_INSIDE_BYTES} bytes`;
    report(['pattern'], `${reason}; lower maxLength, or begin the pattern with fixed text`);
  }
  checkCost(derived.triggers, maxLength, report);
  return derived.triggers;
}

/** A hostile text may repeat a trigger as densely as it fits into itself, and each of them costs a search. */
function checkCost(
  triggers: readonly Trigger[],
  maxLength: number | null,
  report: (path: PropertyKey[], reason: string) => void,
): void {
  for (const trigger of triggers) {
    const text = 'literal' in trigger ? trigger.literal : 'sequence' in trigger ? trigger.sequence : null;
    if (text === null || maxLength === null) continue;
    const { perByte, least } = SEARCH[('at' in trigger ? trigger.at : undefined) ?? 'start'];
    const most = Math.min(MAX_MATCH_BYTES, Math.max(least, periodOf(Buffer.from(text)) * perByte));
    if (maxLength <= most) continue;
    report(
      ['maxLength'],
      `of ${maxLength} bytes is too long to look for at every "${text}": at most ${most}, or a longer trigger`,
    );
    return;
  }
}

/** After how many bytes a text may begin again within itself. */
function periodOf(text: Buffer): number {
  for (let period = 1; period < text.length; period++) {
    if (text.subarray(period).equals(text.subarray(0, text.length - period))) return period;
  }
  return text.length;
}

function sentence(fix: string): string {
  return /[.!?]$/.test(fix) ? fix : `${fix}.`;
}

/** What the catalogue's own check says, and whether everything compiles. */
function lastProblems(own: OwnDetector): Settled['problems'] {
  const detector = { ...ownDetector(own), examples: ["'x'"], counterExamples: { x: "'x'" } };
  const found = checkDetector(detector).map(({ problem }) => ({ path: [], reason: problem }));
  if (found.length > 0) return found;
  try {
    compileSet([detector]);
    return [];
  } catch {
    return [
      { path: ['triggers'], reason: 'do not compile: before, after or ahead is no byte class, such as A-Za-z0-9_' },
    ];
  }
}
