import type { Context, Detector, Random, Trigger, ValidateDigits, Verdict } from './detector.ts';
import { sampleValue } from './validators/sample-value.ts';

/** The facts about an identifier that a check of its own confirms. */
export interface NationalId {
  id: string;
  name: string;
  entity: string;
  category?: Detector['category'];
  severity?: Detector['severity'];
  level?: Detector['level'];
  source: string;
  /** Ways it is written: `9` a digit, `A` an upper-case letter, anything else itself. The first is the usual one. */
  shapes: readonly [string, ...string[]];
  validate: (value: string) => Verdict | null;
  validateDigits?: ValidateDigits;
  /** Chance that a random value of the shape is valid. */
  randomPass: number;
  /** Where it differs from -log2(randomPass) - 10: letters in fixed places are evidence of their own. */
  bits?: number;
  context: Context;
  /** Shapes of values that must be found, where the usual ones make no valid value by chance. */
  samples?: readonly string[];
  counterExamples?: Detector['counterExamples'];
}

const MAX_SEQUENCE = 12;

/** A detector for an identifier of fixed shape with a check, believed with a word or a column name beside it. */
export function nationalId(facts: NationalId): Detector {
  const { id, name, entity, source, shapes, validate, randomPass, context } = facts;
  const bits = facts.bits ?? Math.round(10 * (-Math.log2(randomPass) - 10)) / 10;
  const numeric = shapes.filter((shape) => !hasLetter(shape));
  const lettered = shapes.filter(hasLetter);
  const triggers: Trigger[] = lettered.map((shape) => ({ sequence: shape.slice(0, MAX_SEQUENCE) }));
  if (numeric.length > 0) triggers.unshift({ digits: numeric });
  const word = context.strong?.[0] ?? name;
  const make = (shape: string) => (random: Random) => `${word}: ${sampleValue(random, shape, validate)}`;
  return {
    id,
    name,
    entity,
    category: facts.category ?? 'pii',
    severity: facts.severity ?? 'high',
    level: facts.level ?? 'restricted',
    fix: 'Remove the numbers or replace them with keyed tokens.',
    source,
    triggers,
    ...(lettered.length === 0 ? {} : { pattern: lettered.map(patternOf).join('|') }),
    maxLength: shapes.reduce((most, shape) => Math.max(most, shape.length), 0),
    edges: 'number',
    validate: (value) => validate(value),
    ...(facts.validateDigits === undefined ? {} : { validateDigits: facts.validateDigits }),
    bits,
    randomPass,
    context,
    examples: (facts.samples ?? shapes).map(make),
    counterExamples: {
      'the check fails': (random) => `${word}: ${sampleValue(random, shapes[0], validate, false)}`,
      ...facts.counterExamples,
    },
  };
}

function hasLetter(shape: string): boolean {
  for (const place of shape) if (place >= 'A' && place <= 'Z') return true;
  return false;
}

function patternOf(shape: string): string {
  let pattern = '';
  for (const place of shape)
    pattern += place === '9' ? '[0-9]' : place === 'A' ? '[A-Z]' : place === '.' ? '\\.' : place;
  return pattern;
}
