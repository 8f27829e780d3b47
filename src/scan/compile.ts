import type { Detector, Edge } from '../../detectors/detector.ts';
import { issuerRows } from '../../detectors/issuers.ts';
import type { Automaton } from './automaton.ts';
import { type CompiledContext, compileContext } from './context.ts';
import { MAY_FOLLOW } from './edges.ts';
import { IssuerTable } from './issuer-table.ts';
import { tablesOf } from './search-tables.ts';
import { TriggerPass } from './trigger-pass.ts';
import { TriggerTable } from './trigger-table.ts';
import type { CompiledTrigger, NumberRange, NumberRule, TriggerPlan } from './triggers.ts';
import { ValuePattern } from './value-pattern.ts';

/** A detector with what the hot path needs beside it. */
export class CompiledDetector {
  readonly detector: Detector;
  readonly index: number;
  readonly left: Edge;
  readonly right: Edge;
  readonly context: CompiledContext | null;
  /** Whether a column of matches can be tested against the chance rate. */
  readonly isTestable: boolean;
  /** Whether nothing is to be done for a match without context. */
  readonly needsContext: boolean;
  readonly pattern: ValuePattern | null;

  constructor(detector: Detector, index: number) {
    this.detector = detector;
    this.index = index;
    const edges = detector.edges ?? 'word';
    this.left = typeof edges === 'string' ? edges : edges.left;
    this.right = typeof edges === 'string' ? edges : edges.right;
    this.context = compileContext(detector.context);
    this.isTestable = detector.entity !== undefined && (detector.randomPass ?? 1) < 1;
    this.needsContext = this.context?.required === true && !this.isTestable;
    const { pattern, matchAt, validate } = detector;
    const takesGroups = (validate?.length ?? 0) > 1;
    this.pattern =
      pattern === undefined ? null : new ValuePattern(pattern, takesGroups, MAY_FOLLOW[this.right], matchAt);
  }
}

/** The compiled catalogue: shared by all streams of a thread. */
export interface CompiledSet {
  detectors: CompiledDetector[];
  automaton: Automaton;
  pass: TriggerPass;
  triggers: CompiledTrigger[];
  table: TriggerTable;
  templates: NumberRule[][];
  ranges: NumberRange[];
  runLengths: number;
  /** 1 for outputs of the automaton that say nothing but that there may be a number. */
  isNumberOutput: Uint8Array;
  /** By length: all who ask for a lone run of so many digits, where they can be asked by its bytes. */
  numberChecks: (CompiledDetector[] | undefined)[];
  /** By number of digits: all who ask for a number with separators only by that, where none believes it without context. */
  quietRanges: (CompiledDetector[] | undefined)[];
  /** Detectors whose plain values are counted; by trigger, the place in the list of the one it is of, from 1. */
  counters: { detectors: CompiledDetector[]; ofTrigger: Uint8Array };
  /** The table of issuers and the detector that speaks for it; null when none does. */
  issuers: { table: IssuerTable; detector: CompiledDetector } | null;
}

export function compileSet(detectors: readonly Detector[]): CompiledSet {
  const { plan, automaton, looks } = tablesOf(detectors);
  const compiled = detectors.map((detector, index) => new CompiledDetector(detector, index));
  const speaker = compiled[plan.tables[0] ?? -1];
  return {
    detectors: compiled,
    issuers: speaker === undefined ? null : { table: new IssuerTable(issuerRows()), detector: speaker },
    automaton,
    pass: new TriggerPass(automaton, looks),
    triggers: plan.triggers,
    table: new TriggerTable(plan.triggers),
    templates: plan.templates,
    ranges: plan.ranges,
    runLengths: plan.runLengths,
    isNumberOutput: Uint8Array.from(automaton.outputs, (ids) =>
      ids.every((id) => plan.triggers[id]?.kind === 'number') ? 1 : 0,
    ),
    numberChecks: planNumberChecks(plan, compiled),
    quietRanges: planQuietRanges(plan, compiled),
    counters: planCounters(plan, compiled),
  };
}

/** Longer runs of digits are not asked about by their bytes: cards have a kernel. */
const MAX_RUN_DIGITS = 15;

function planNumberChecks(
  { templates, ranges }: TriggerPlan,
  compiled: CompiledDetector[],
): CompiledSet['numberChecks'] {
  return Array.from({ length: MAX_RUN_DIGITS + 1 }, (_, length) => {
    // Shorter groups may be any part of a number.
    if (length <= 3) return undefined;
    const rules = (templates[length] ?? []).filter(({ template }) => template.lengths.length === 1);
    const wide = ranges.filter(({ min, max, needsSeparator }) => !needsSeparator && length >= min && length <= max);
    const asked = [...rules, ...wide].map(({ detector }) => compiled[detector] as CompiledDetector);
    const areKnown =
      rules.every(({ template }) => template.fixed.length === 0) &&
      wide.every(({ detector }) => compiled[detector]?.pattern === null) &&
      asked.every(canAskDigits);
    return asked.length > 0 && areKnown ? asked : undefined;
  });
}

/** A number has no more. */
const MAX_DIGITS = 64;

function planQuietRanges({ ranges }: TriggerPlan, compiled: CompiledDetector[]): CompiledSet['quietRanges'] {
  return Array.from({ length: MAX_DIGITS + 1 }, (_, digits) => {
    const wide = ranges.filter(({ min, max }) => digits >= min && digits <= max);
    const asked = wide.map(({ detector }) => compiled[detector] as CompiledDetector);
    return asked.every(isQuiet) ? asked : undefined;
  });
}

function isQuiet({ pattern, needsContext, left, right }: CompiledDetector): boolean {
  return pattern === null && needsContext && left === 'number' && right === 'number';
}

function canAskDigits({ detector, left, right, isTestable, context }: CompiledDetector): boolean {
  if (detector.validateDigits === undefined || left !== 'number' || right !== 'number') return false;
  return detector.entity !== undefined && !(isTestable && context?.required === true);
}

function planCounters(plan: TriggerPlan, compiled: CompiledDetector[]): CompiledSet['counters'] {
  const detectors = compiled.filter(
    ({ index, detector: { counter } }) =>
      counter !== undefined && (counter.kind !== 'card' || ownsItsNumbers(plan, index)),
  );
  const ofTrigger = Uint8Array.from(plan.triggers, (trigger) =>
    trigger.kind === 'number'
      ? 1 + detectors.findIndex(({ detector }) => detector.counter?.kind === 'card')
      : 1 + detectors.findIndex(({ index }) => index === trigger.detector),
  );
  return { detectors, ofTrigger };
}

/** Whether no other detector asks for the lone runs of digits that a counter of cards takes. */
function ownsItsNumbers({ templates, ranges }: TriggerPlan, index: number): boolean {
  return [16, 17, 18, 19].every(
    (length) =>
      ranges.every(({ min, max, needsSeparator }) => needsSeparator || length < min || length > max) &&
      (templates[length] ?? []).every(
        ({ detector, template }) => template.lengths.length > 1 || (detector === index && template.fixed.length === 0),
      ),
  );
}
