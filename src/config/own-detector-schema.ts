import { z } from 'zod';
import { CHECK_NAMES } from '../../detectors/validators/named-checks.ts';
import { closest } from './closest.ts';
import { isObject, isTrue, listOf, oneOf, text, wholeNumber } from './own-fields.ts';
import { TRIGGER } from './own-trigger-schema.ts';

const MAX_PATTERN_LENGTH = 4096;
/** Each place where a trigger stands costs a search of so many bytes at most. */
const MAX_MATCH_BYTES = 4096;
const CATEGORIES = ['secret', 'key', 'contact', 'pii', 'phi', 'pci', 'business'] as const;
const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
const LEVELS = ['none', 'internal', 'confidential', 'restricted'] as const;
const EDGES = ['word', 'token', 'base64', 'number', 'none'] as const;

/** Context words are compared in lower case. */
const words = listOf(
  text(100).transform((given) => given.toLowerCase()),
  500,
).optional();
/** Column names are compared in lower case, their words joined by `_`. */
const columns = listOf(
  text(100).transform((given) =>
    given
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  ),
  500,
).optional();

/** Text as it stands, or a shape that is expanded when it is needed, so that no live-looking value has to be kept in a file. */
const example = z.union([text(20_000), z.strictObject({ shape: text(2000) })], {
  error: 'must be text, or { shape: … }',
});

/** One detector as its author wrote it. Its meaning (pattern, triggers, examples) is checked where patterns are known. */
const FIELDS = z.strictObject({
  id: text(80).regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by -'),
  name: text(200).optional(),
  issuer: text(60)
    .regex(/^[a-z0-9]+$/, 'must be lower-case letters and digits, without spaces')
    .optional(),
  entity: text(60)
    .regex(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/, 'must be upper-case words joined by _')
    .optional(),
  category: oneOf(CATEGORIES),
  severity: oneOf(SEVERITIES),
  level: oneOf(LEVELS).optional(),
  fix: text(500).optional(),
  source: text(500).optional(),
  replaces: text(80).optional(),
  pattern: text(MAX_PATTERN_LENGTH).optional(),
  triggers: listOf(TRIGGER, 50).optional(),
  maxLength: wholeNumber(1, MAX_MATCH_BYTES).optional(),
  edges: z
    .union([z.enum(EDGES), z.strictObject({ left: z.enum(EDGES), right: z.enum(EDGES) })], {
      error: `must be one of ${EDGES.join(', ')}, or { left, right } of them`,
    })
    .optional(),
  probability: z
    .number({ error: 'must be a number between 0 and 1' })
    .gt(0, 'must be a number between 0 and 1')
    .lt(1, 'must be a number between 0 and 1')
    .optional(),
  context: z
    .strictObject(
      {
        strong: words,
        weak: words,
        against: words,
        columns,
        columnsAgainst: columns,
        required: isTrue.optional(),
      },
      { error: 'must hold lists: strong, weak, against, columns, columnsAgainst' },
    )
    .optional(),
  checks: listOf(
    z.string({ error: 'must be the name of a check' }).superRefine((given, context) => {
      if (CHECK_NAMES.includes(given)) return;
      const meant = closest(given, CHECK_NAMES);
      const hint = meant === null ? `there are ${CHECK_NAMES.join(', ')}` : `did you mean ${meant}?`;
      context.addIssue({ code: 'custom', message: `is not a check; ${hint}` });
    }),
    CHECK_NAMES.length,
  ).optional(),
  alphabet: text(300).optional(),
  minEntropy: z
    .number({ error: 'must be bits a character, 0 to 8' })
    .min(0, 'must be bits a character, 0 to 8')
    .max(8, 'must be bits a character, 0 to 8')
    .optional(),
  placeholders: oneOf(['skip', 'report']).optional(),
  examples: listOf(example, 100),
  counterExamples: z
    .record(z.string(), example, { error: 'must give a text for each reason' })
    .refine((given) => Object.keys(given).every((reason) => reason.trim() !== ''), 'has an empty reason')
    .optional(),
});

/** YAML has no undefined: what is not given is not there. */
type Given<T> = T extends readonly (infer Item)[]
  ? Given<Item>[]
  : T extends object
    ? { [Name in keyof T]: Given<Exclude<T[Name], undefined>> }
    : T;
export type OwnSettings = Given<z.infer<typeof FIELDS>>;

/** Names of all fields. */
export const OWN_FIELDS: readonly string[] = Object.keys(FIELDS.shape);

export interface FieldProblem {
  path: readonly PropertyKey[];
  reason: string;
}

/**
 * The fields of a detector that are sound, and what is wrong with the others: each is looked at by itself, so that one
 * slip hides no other.
 */
export function readOwnSettings(data: unknown): { given: Partial<OwnSettings>; problems: FieldProblem[] } {
  if (!isObject(data)) return { given: {}, problems: [{ path: [], reason: 'must hold the fields of a detector' }] };
  const problems: FieldProblem[] = [];
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(data)) {
    if (Object.hasOwn(FIELDS.shape, name)) continue;
    const meant = closest(name, OWN_FIELDS);
    problems.push({ path: [name], reason: `is not a field${meant === null ? '' : `; did you mean ${meant}?`}` });
  }
  for (const [name, schema] of Object.entries(FIELDS.shape)) {
    const checked = schema.safeParse(Object.hasOwn(data, name) ? (data as Record<string, unknown>)[name] : undefined);
    if (checked.success) {
      if (checked.data !== undefined) given[name] = checked.data;
      continue;
    }
    for (const issue of checked.error.issues) {
      const path = [name, ...issue.path];
      if (issue.code !== 'unrecognized_keys') problems.push({ path, reason: issue.message });
      else for (const key of issue.keys) problems.push({ path: [...path, key], reason: 'is not a field' });
    }
  }
  problems.push(...joinProblems(data, given));
  return { given, problems };
}

/** What fields say of each other. `data` tells a field that is wrong from one that is not there. */
function joinProblems(data: object, given: Partial<OwnSettings>): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const report = (field: string, reason: string): void => void problems.push({ path: [field], reason });
  const has = (field: string): boolean => Object.hasOwn(data, field);
  const { category, level, triggers } = given;
  const isSecret = category === 'secret' || category === 'key';
  if (has('issuer') && has('entity')) report('entity', 'cannot stand beside issuer: give one of the two');
  else if (category !== undefined && isSecret && !has('issuer')) {
    report(has('entity') ? 'entity' : 'issuer', 'must be an issuer: a secret or key has one, and no entity');
  } else if (category !== undefined && !isSecret && !has('entity')) {
    report(has('issuer') ? 'issuer' : 'entity', `must be an entity: category ${category} has one, and no issuer`);
  }
  if (isSecret && level !== undefined && level !== 'restricted') report('level', 'of a secret or key is restricted');
  const hasDigits = triggers?.some((one) => 'digits' in one) ?? false;
  if (hasDigits && has('pattern')) {
    report('pattern', 'cannot stand beside digits triggers, whose shapes are the pattern; write two detectors');
  }
  const isNumeric = triggers?.every((one) => 'digits' in one || 'number' in one) ?? false;
  // Triggers that are wrong say nothing about what they were meant to be.
  if (!has('pattern') && !isNumeric && (triggers !== undefined || !has('triggers'))) {
    report('pattern', 'is missing; there may be none only where all triggers are digits or number');
  }
  return problems;
}
