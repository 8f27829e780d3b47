import type { Detector } from '../../detectors/detector.ts';
import type { SegmentConsumer } from '../decode/decoder.ts';
import type { ObjectScan } from '../model/finding.ts';
import type { Locator, Segment } from '../model/segment.ts';
import type { CompiledSet } from './compile.ts';
import { CostMeter, STAGES, STEPS, type Stage, type Step } from './cost-meter.ts';
import type { Counting } from './counted-values.ts';
import { type MatchSink, StreamMatcher } from './match.ts';
import { Scanner, type ScanObjectRequest } from './scanner.ts';
import type { TextTrigger } from './triggers.ts';

/** What looking for one thing took. */
export interface Cost {
  steps: Record<Step, number>;
  /** Milliseconds by stage. */
  ms: Record<Stage, number>;
}
export interface ScanCost {
  /** In the order of the detectors. */
  detectors: Cost[];
  /** How often the automaton saw the piece of each trigger of the plan. */
  seen: Float64Array;
  /** States of the automaton. */
  states: number;
  /** Finding out where numbers begin and end, for all detectors of numbers. */
  numbers: Cost;
  /** What is not any detector's: reading, decoding, the automaton. */
  shared: Cost;
}

/**
 * A scanner that knows what each detector cost: the same matcher on the same compiled set, with a clock around what it
 * calls. A scan that is not measured has none of this.
 */
export class MeteredScanner extends Scanner {
  private readonly meter: CostMeter;
  private readonly size: number;
  private readonly seen: Float64Array;

  constructor(detectors: readonly Detector[], fingerprintKey: Buffer) {
    const meter = new CostMeter(detectors.length + 3);
    super(
      detectors.map((detector, row) => withMeter(detector, row, meter)),
      fingerprintKey,
    );
    this.meter = meter;
    this.size = detectors.length;
    this.seen = new Float64Array(this.set.triggers.length);
    meterPatterns(this.set, meter);
    this.meterPass();
  }

  override async scanObject(request: ScanObjectRequest): Promise<ObjectScan> {
    this.meter.start(rowsOf(this.size).shared, 'decode');
    const scan = await super.scanObject(request);
    this.meter.stop();
    return scan;
  }

  /** What is scanned from here on is another round of the same; the first ones may be no measurement. */
  nextRound(isFirst: boolean): void {
    if (isFirst) this.meter.clear();
    else this.meter.again();
    this.seen.fill(0);
  }

  /** Of a round. `clockMs`: how much longer it took than without a clock. */
  cost(clockMs: number): ScanCost {
    const { meter } = this;
    const rows = rowsOf(this.size);
    const times = meter.times(clockMs);
    times.share(rows.looks, 'seen');
    const costOf = (row: number): Cost => ({
      steps: Object.fromEntries(STEPS.map((step) => [step, meter.counted(row, step)])) as Cost['steps'],
      ms: Object.fromEntries(STAGES.map((stage) => [stage, times.of(row, stage)])) as Cost['ms'],
    });
    return {
      detectors: Array.from({ length: this.size }, (_, row) => costOf(row)),
      seen: this.seen,
      states: this.set.automaton.states,
      numbers: costOf(rows.numbers),
      shared: costOf(rows.shared),
    };
  }

  protected override consumerFor(sink: MatchSink): SegmentConsumer {
    const { meter, set } = this;
    const rows = rowsOf(this.size);
    const { scan } = new MeteredMatcher(set, meteredSink(sink, meter), meter, rows);
    return (segment) => {
      const before = meter.enter(rows.shared, 'candidates');
      scan({ ...segment, locator: meteredLocator(segment.locator, meter) });
      meter.leave(before);
    };
  }

  private meterPass(): void {
    const { meter, seen } = this;
    const { pass, automaton, triggers, issuers } = this.set;
    const rows = rowsOf(this.size);
    const run = pass.run.bind(pass);
    pass.run = (bytes, from, to, isStart, onEvent) => {
      // A name that is masked, of which nothing is measured.
      if (meter.isOff) return run(bytes, from, to, isStart, onEvent);
      const events: number[] = [];
      const before = meter.enter(rows.shared, 'triggers');
      run(bytes, from, to, isStart, (at, output) => void events.push(at, output));
      meter.enter(rows.looks, 'candidates');
      for (let k = 0; k < events.length; k += 2) onEvent(events[k] as number, events[k + 1] as number);
      meter.leave(before);
      for (let k = 1; k < events.length; k += 2) {
        for (const id of automaton.outputs[events[k] as number] ?? []) {
          const trigger = triggers[id];
          seen[id] = (seen[id] as number) + 1;
          meter.count(trigger?.kind === 'text' ? trigger.detector : rows.numbers, 'seen');
        }
      }
      // What comes next is the walk over runs of letters and digits.
      if (issuers !== null) meter.enter(issuers.detector.index, 'triggers');
    };
  }
}

interface Rows {
  shared: number;
  numbers: number;
  /** Looking whether what the automaton saw is a trigger: given to the detectors in the end. */
  looks: number;
}

/** Behind those of the detectors. */
function rowsOf(size: number): Rows {
  return { shared: size, numbers: size + 1, looks: size + 2 };
}

class MeteredMatcher extends StreamMatcher {
  private readonly meter: CostMeter;
  private readonly rows: Rows;
  private readonly issuers: number;
  private isInNumber = false;

  constructor(set: CompiledSet, sink: MatchSink, meter: CostMeter, rows: Rows) {
    super(set, sink);
    this.meter = meter;
    this.rows = rows;
    this.issuers = set.issuers?.detector.index ?? rows.shared;
  }

  protected override onText(segment: Segment, trigger: TextTrigger, start: number, end: number): void {
    this.meter.count(trigger.detector, 'candidates');
    const before = this.meter.enter(trigger.detector, 'candidates');
    super.onText(segment, trigger, start, end);
    this.meter.leave(before);
  }

  protected override onNumber(segment: Segment, at: number): void {
    this.meter.count(this.rows.numbers, 'candidates');
    const before = this.meter.enter(this.rows.numbers, 'candidates');
    this.isInNumber = true;
    super.onNumber(segment, at);
    this.isInNumber = false;
    this.meter.leave(before);
  }

  protected override onRun(...given: Parameters<StreamMatcher['onRun']>): void {
    this.meter.count(this.issuers, 'candidates');
    const before = this.meter.enter(this.issuers, 'candidates');
    super.onRun(...given);
    this.meter.leave(before);
  }

  protected override onValue(...given: Parameters<StreamMatcher['onValue']>): void {
    const [, compiled] = given;
    if (this.isInNumber) this.meter.count(compiled.index, 'candidates');
    const before = this.meter.enter(compiled.index, 'candidates');
    super.onValue(...given);
    this.meter.leave(before);
  }
}

function withMeter(detector: Detector, row: number, meter: CostMeter): Detector {
  const { validate } = detector;
  if (validate === undefined) return detector;
  const metered: typeof validate = (value, groups) => {
    meter.count(row, 'validatorCalls');
    const before = meter.enter(row, 'validators');
    const verdict = validate(value, groups);
    meter.leave(before);
    return verdict;
  };
  // Those that declare a second parameter are given the pattern's groups.
  Object.defineProperty(metered, 'length', { value: validate.length });
  return { ...detector, validate: metered };
}

function meterPatterns(set: CompiledSet, meter: CostMeter): void {
  const measured =
    <Given extends unknown[], Found>(row: number, ask: (...given: Given) => Found) =>
    (...given: Given): Found => {
      meter.count(row, 'patternCalls');
      const before = meter.enter(row, 'patterns');
      const found = ask(...given);
      meter.leave(before);
      return found;
    };
  for (const { pattern, index } of set.detectors) {
    if (pattern === null) continue;
    pattern.find = measured(index, pattern.find.bind(pattern));
    pattern.matchAt = measured(index, pattern.matchAt.bind(pattern));
  }
  if (set.issuers !== null) {
    const { table, detector } = set.issuers;
    table.endOf = measured(detector.index, table.endOf.bind(table));
  }
}

function meteredSink(sink: MatchSink, meter: CostMeter): MatchSink {
  const { counting } = sink;
  return {
    ...(counting === undefined ? {} : { counting: { ...counting, count: metered(counting.count, meter) } }),
    match(match) {
      meter.count(match.detector.index, 'matches');
      const before = meter.enter(match.detector.index, 'evidence');
      meter.paused(() => sink.match(match));
      meter.leave(before);
    },
    trial(detector, text, column) {
      const before = meter.enter(detector.index, 'evidence');
      meter.paused(() => sink.trial(detector, text, column));
      meter.leave(before);
    },
  };
}

function metered(count: Counting['count'], meter: CostMeter): Counting['count'] {
  return (detector, ...rest) => {
    const before = meter.enter(detector.index, 'evidence');
    let isCounted = false;
    meter.paused(() => {
      isCounted = count(detector, ...rest);
    });
    meter.leave(before);
    return isCounted;
  };
}

function meteredLocator(locator: Locator, meter: CostMeter): Locator {
  const { weight, columnAt } = locator;
  return {
    locate(offset, length) {
      const before = meter.enterStage('places');
      const location = locator.locate(offset, length);
      meter.leave(before);
      return location;
    },
    ...(columnAt === undefined
      ? {}
      : {
          columnAt(offset: number) {
            const before = meter.enterStage('places');
            const column = columnAt.call(locator, offset);
            meter.leave(before);
            return column;
          },
        }),
    ...(weight === undefined ? {} : { weight: weight.bind(locator) }),
  };
}
