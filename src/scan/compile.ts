import { createRequire } from 'node:module';
import type RE2Type from 're2';
import type { Detector, Edge } from '../../detectors/detector.ts';
import { type Automaton, buildAutomaton } from './automaton.ts';
import { type CompiledContext, compileContext } from './context.ts';
import { TriggerPass } from './trigger-pass.ts';
import { type CompiledTrigger, type NumberRange, type NumberRule, planTriggers } from './triggers.ts';

const RE2 = createRequire(import.meta.url)('re2') as typeof RE2Type;

/** A detector with what the hot path needs beside it; its patterns are compiled when first needed. */
export class CompiledDetector {
  readonly detector: Detector;
  readonly index: number;
  readonly left: Edge;
  readonly right: Edge;
  readonly context: CompiledContext | null;
  /** Whether a column of matches can be tested against the chance rate. */
  readonly isTestable: boolean;
  /** Whether the pattern has words around the value: then the match starts elsewhere than the value. */
  readonly hasValueGroup: boolean;
  private readonly flags: string;
  private anchoredPattern: RE2Type | null = null;
  private freePattern: RE2Type | null = null;

  constructor(detector: Detector, index: number) {
    this.detector = detector;
    this.index = index;
    const edges = detector.edges ?? 'word';
    this.left = typeof edges === 'string' ? edges : edges.left;
    this.right = typeof edges === 'string' ? edges : edges.right;
    this.context = compileContext(detector.context);
    this.isTestable = detector.entity !== undefined && (detector.randomPass ?? 1) < 1;
    this.hasValueGroup = detector.pattern?.includes('(?P<value>') ?? false;
    this.flags = this.hasValueGroup ? 'ud' : 'u';
  }

  /** The pattern at the start of a slice. */
  get anchored(): RE2Type {
    this.anchoredPattern ??= new RE2(`^(?:${this.detector.pattern ?? ''})`, this.flags);
    return this.anchoredPattern;
  }

  /** The pattern anywhere in a slice. */
  get free(): RE2Type {
    this.freePattern ??= new RE2(this.detector.pattern ?? '', this.flags);
    return this.freePattern;
  }
}

/** The compiled catalogue: shared by all streams of a thread. */
export interface CompiledSet {
  detectors: CompiledDetector[];
  automaton: Automaton;
  pass: TriggerPass;
  triggers: CompiledTrigger[];
  templates: NumberRule[][];
  ranges: NumberRange[];
  runLengths: number;
}

export function compileSet(detectors: readonly Detector[]): CompiledSet {
  const plan = planTriggers(detectors);
  const automaton = buildAutomaton(plan.patterns);
  return {
    detectors: detectors.map((detector, index) => new CompiledDetector(detector, index)),
    automaton,
    pass: new TriggerPass(automaton),
    triggers: plan.triggers,
    templates: plan.templates,
    ranges: plan.ranges,
    runLengths: plan.runLengths,
  };
}
