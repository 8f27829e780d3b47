import type { Detector, Nearby, Trigger } from '../../detectors/detector.ts';
import type { AutomatonPattern, ByteSet } from './automaton.ts';
import * as bytes from './byte-class.ts';
import { compileTemplate, type DigitTemplate } from './number-token.ts';

/** What the automaton's ids stand for. */
export type CompiledTrigger = TextTrigger | { kind: 'number' };

export interface TextTrigger {
  kind: 'text';
  detector: number;
  sets: ByteSet[];
  /** From the last byte that the automaton read to the end of the trigger. */
  behind: number;
  inside: boolean;
  before: ByteSet | null;
  after: ByteSet | null;
  /** `search`: 2 for what must come behind the trigger within so many bytes, 1 for what it may come behind. */
  ahead: { search: ByteSet; within: number } | null;
  run: ByteSet | null;
}
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
  /** Bit n: a run of n digits with no neighbours is of interest to some detector. */
  runLengths: number;
  /** Detectors that ask the table of issuers. */
  tables: number[];
}

/** The automaton looks for the rarest piece of a trigger, this long; the rest is compared where the piece was seen. */
const LITERAL_PIECE_BYTES = 4;
/** Shorter for byte classes, which overlap with each other in ever more ways. */
const SEQUENCE_PIECE_BYTES = 3;

/**
 * What makes a number token noticed: three digits after something else, pairs of digits, dotted groups, a leading `+` or
 * `(`. Few and short, since every further shape multiplies the states; `NumberToken` does the rest once a token.
 */
const NUMBER_SHAPES = ['!999', '!99s99', '+99', '+9s9', '(99', ...dottedShapes()];

function dottedShapes(): string[] {
  const sizes = ['9', '99', '999'];
  return sizes.flatMap((a) => sizes.map((b) => `!${a}.${b}.9`));
}

/** Turns the triggers of all detectors into one list of patterns. */
export function planTriggers(detectors: readonly Detector[]): TriggerPlan {
  const plan: TriggerPlan = { patterns: [], triggers: [], templates: [], ranges: [], runLengths: 0, tables: [] };
  detectors.forEach((detector, index) => {
    for (const trigger of detector.triggers) addTrigger(plan, index, trigger);
  });
  if (plan.templates.length + plan.ranges.length > 0) {
    for (const shape of NUMBER_SHAPES) {
      plan.patterns.push({ id: plan.triggers.length, sets: [...Buffer.from(shape, 'latin1')].map(numberSet) });
      plan.triggers.push({ kind: 'number' });
    }
  }
  return plan;
}

function addTrigger(plan: TriggerPlan, detector: number, trigger: Trigger): void {
  if ('literal' in trigger) {
    const sets = [...Buffer.from(trigger.literal)].map(trigger.fold ? bytes.foldedByte : bytes.singleByte);
    addText(plan, detector, sets, LITERAL_PIECE_BYTES, trigger);
  } else if ('sequence' in trigger) {
    addText(
      plan,
      detector,
      [...Buffer.from(trigger.sequence, 'latin1')].map(sequenceSet),
      SEQUENCE_PIECE_BYTES,
      trigger,
    );
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
      if (template.lengths.length === 1) plan.runLengths |= 1 << Math.min(slot, 31);
    }
  } else if ('table' in trigger) {
    plan.tables.push(detector);
  } else {
    const { min, max, needs } = trigger.number;
    const needsSeparator = needs === 'plus-or-separator';
    plan.ranges.push({ detector, min, max, needsSeparator });
    if (!needsSeparator) for (let size = min; size <= Math.min(max, 31); size++) plan.runLengths |= 1 << size;
  }
}

function addText(
  plan: TriggerPlan,
  detector: number,
  sets: ByteSet[],
  piece: number,
  trigger: { at?: string } & Nearby,
): void {
  const { from, to } = rarestPiece(sets, piece);
  plan.patterns.push({ id: plan.triggers.length, sets: sets.slice(from, to) });
  const { before, after, ahead, run } = trigger;
  plan.triggers.push({
    kind: 'text',
    detector,
    sets,
    behind: sets.length - to,
    inside: trigger.at === 'inside',
    before: before === undefined ? null : bytes.byteClass(before),
    after: after === undefined ? null : bytes.byteClass(after),
    ahead: ahead === undefined ? null : { search: searchSet(ahead), within: ahead.within },
    run: run === undefined ? null : bytes.byteClass(run),
  });
}

/**
 * The [from, to) of at most `longest` bytes that random text is least likely to hold; the first of equals. Digits follow
 * digits and dashes dashes: only the first of a run says much.
 */
function rarestPiece(sets: readonly ByteSet[], longest: number): { from: number; to: number } {
  const size = Math.min(longest, sets.length);
  let best = { from: 0, to: size };
  let most = Number.NEGATIVE_INFINITY;
  for (let from = 0; from + size <= sets.length; from++) {
    const sum = sets
      .slice(from, from + size)
      .reduce((total, set, at, piece) => total + (set === piece[at - 1] ? 1 : bytes.rarity(set)), 0);
    if (sum > most + 0.5) {
      most = sum;
      best = { from, to: from + size };
    }
  }
  return best;
}

function searchSet({ through, meets }: NonNullable<Nearby['ahead']>): ByteSet {
  const found = bytes.byteClass(meets);
  return bytes.byteClass(through).map((goesOn, byte) => (found[byte] === 1 ? 2 : goesOn));
}

function numberSet(byte: number): ByteSet {
  if (byte === 33) return bytes.NOT_DIGIT;
  if (byte === 57) return bytes.DIGIT;
  return byte === 115 ? bytes.SEPARATOR : bytes.singleByte(byte);
}

function sequenceSet(byte: number): ByteSet {
  switch (byte) {
    case 57:
      return bytes.DIGIT;
    case 104:
      return bytes.HEX;
    case 65:
      return bytes.UPPER;
    case 97:
      return bytes.LOWER;
    default:
      return bytes.singleByte(byte);
  }
}
