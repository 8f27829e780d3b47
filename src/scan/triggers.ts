import type { Detector, Trigger } from '../../detectors/detector.ts';
import { type AutomatonPattern, type ByteSet, byteSet } from './automaton.ts';
import { compileTemplate, type DigitTemplate } from './number-token.ts';

/** What the automaton's ids stand for. */
export interface TextTrigger {
  kind: 'text';
  detector: number;
  length: number;
  inside: boolean;
}
export type CompiledTrigger = TextTrigger | { kind: 'number'; length: number };

export interface NumberRule {
  detector: number;
  template: DigitTemplate;
}
export interface NumberRange {
  detector: number;
  min: number;
  max: number;
  needsSeparator: boolean;
}

export interface TriggerPlan {
  patterns: AutomatonPattern[];
  triggers: CompiledTrigger[];
  /** Digit templates by the length of their first group; index 0 holds those that start with `#`. */
  templates: NumberRule[][];
  ranges: NumberRange[];
}

const DIGIT = byteSet((b) => b >= 48 && b <= 57);
const NOT_DIGIT = byteSet((b) => b < 48 || b > 57);
const HEX = byteSet((b) => (b >= 48 && b <= 57) || (b >= 65 && b <= 70) || (b >= 97 && b <= 102));
const UPPER = byteSet((b) => b >= 65 && b <= 90);
const LOWER = byteSet((b) => b >= 97 && b <= 122);
const SEPARATOR = byteSet((b) => b === 32 || b === 45 || b === 46);
const single: ByteSet[] = Array.from({ length: 256 }, (_, byte) => byteSet((b) => b === byte));
const folded: ByteSet[] = Array.from({ length: 256 }, (_, byte) => byteSet((b) => fold(b) === fold(byte)));

/** Contiguous runs shorter than this fire only as part of a template with separators. */
const LONGEST_RUN_TRIGGER = 9;

/** Turns the triggers of all detectors into one list of patterns. */
export function planTriggers(detectors: readonly Detector[]): TriggerPlan {
  const plan: TriggerPlan = { patterns: [], triggers: [], templates: [], ranges: [] };
  const numberShapes = new Map<string, ByteSet[]>();
  detectors.forEach((detector, index) => {
    for (const trigger of detector.triggers) addTrigger(plan, numberShapes, index, trigger);
  });
  for (const sets of numberShapes.values()) {
    add(plan, sets, { kind: 'number', length: sets.length });
  }
  return plan;
}

function addTrigger(plan: TriggerPlan, shapes: Map<string, ByteSet[]>, detector: number, trigger: Trigger): void {
  if ('literal' in trigger) {
    const bytes = Buffer.from(trigger.literal);
    const sets = [...bytes].map((byte) => (trigger.fold ? folded[byte] : single[byte]) as ByteSet);
    add(plan, sets, { kind: 'text', detector, length: sets.length, inside: trigger.at === 'inside' });
  } else if ('sequence' in trigger) {
    const sets = [...Buffer.from(trigger.sequence, 'latin1')].map(sequenceSet);
    add(plan, sets, { kind: 'text', detector, length: sets.length, inside: trigger.at === 'inside' });
  } else if ('digits' in trigger) {
    for (const text of trigger.digits) {
      const template = compileTemplate(text);
      const slot = template.lengths[0] as number;
      let rules = plan.templates[slot];
      if (rules === undefined) {
        rules = [];
        plan.templates[slot] = rules;
      }
      rules.push({ detector, template });
      addTemplateShapes(shapes, template);
    }
  } else {
    const { min, max, needs } = trigger.number;
    const needsSeparator = needs === 'plus-or-separator';
    plan.ranges.push({ detector, min, max, needsSeparator });
    addRangeShapes(shapes, min, needsSeparator);
  }
}

function add(plan: TriggerPlan, sets: ByteSet[], trigger: CompiledTrigger): void {
  plan.patterns.push({ id: plan.triggers.length, sets });
  plan.triggers.push(trigger);
}

/** The first group and one digit of the next, or a whole run: fires once a number, whatever follows. */
function addTemplateShapes(shapes: Map<string, ByteSet[]>, template: DigitTemplate): void {
  const [firstLength, secondLength] = template.lengths as [number, number | undefined];
  const separator = template.separators[0];
  if (secondLength === undefined || separator === undefined) {
    addShape(shapes, `!${'9'.repeat(Math.min(firstLength, LONGEST_RUN_TRIGGER))}`);
    return;
  }
  const sep = String.fromCharCode(separator);
  for (const a of firstLength === 0 ? [1, 2, 3] : [firstLength]) {
    if (template.lengths.length < 3) {
      addShape(shapes, `!${'9'.repeat(Math.min(a, 12))}${sep}9`);
      continue;
    }
    for (const b of secondLength === 0 ? [1, 2, 3] : [secondLength]) {
      addShape(
        shapes,
        `!${'9'.repeat(a)}${sep}${'9'.repeat(b)}${String.fromCharCode(template.separators[1] as number)}9`,
      );
    }
  }
}

function addRangeShapes(shapes: Map<string, ByteSet[]>, min: number, needsSeparator: boolean): void {
  for (const shape of [
    '+99',
    '+(9',
    '(99)',
    '(999)',
    '(9999)',
    '(99999)',
    '!99s99s99',
    '!999s999',
    '!9999s999',
    '!99999s999',
  ]) {
    addShape(shapes, shape);
  }
  if (!needsSeparator) addShape(shapes, `!${'9'.repeat(Math.min(min, LONGEST_RUN_TRIGGER))}`);
}

function addShape(shapes: Map<string, ByteSet[]>, shape: string): void {
  shapes.set(
    shape,
    [...Buffer.from(shape, 'latin1')].map((byte) => {
      if (byte === 33) return NOT_DIGIT;
      if (byte === 57) return DIGIT;
      if (byte === 115) return SEPARATOR;
      return single[byte] as ByteSet;
    }),
  );
}

function sequenceSet(byte: number): ByteSet {
  switch (byte) {
    case 57:
      return DIGIT;
    case 104:
      return HEX;
    case 65:
      return UPPER;
    case 97:
      return LOWER;
    default:
      return single[byte] as ByteSet;
  }
}

function fold(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}
