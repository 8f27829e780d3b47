/** What the time of a scan goes to, in the order in which a byte meets it. */
export const STAGES = ['decode', 'triggers', 'candidates', 'patterns', 'validators', 'places', 'evidence'] as const;
export type Stage = (typeof STAGES)[number];

/** How often a detector came so far; each is a part of the one before it. */
export const STEPS = ['seen', 'candidates', 'patternCalls', 'validatorCalls', 'matches'] as const;
export type Step = (typeof STEPS)[number];

const CALIBRATION_ROUNDS = 100_000;

/**
 * Time by row (a detector, or a row of what all share) and stage: what each does itself, without what it calls. The
 * clock is read once a change, and what that takes is subtracted.
 */
export class CostMeter {
  private readonly counts: Record<Step, Float64Array>;
  /** Milliseconds by row and stage of each round, the last one now. */
  private readonly rounds: Float64Array[] = [];
  private ms = new Float64Array();
  private readonly changes: Float64Array;
  private cell = 0;
  private mark = 0;
  private isPaused = false;

  constructor(rows: number) {
    this.changes = new Float64Array(rows * STAGES.length);
    this.counts = Object.fromEntries(STEPS.map((step) => [step, new Float64Array(rows)])) as never;
    this.again();
  }

  /** The same is measured once more from here on. */
  again(): void {
    this.ms = new Float64Array(this.changes.length);
    this.rounds.push(this.ms);
    this.changes.fill(0);
    for (const counts of Object.values(this.counts)) counts.fill(0);
  }

  /** As `again`; the rounds so far were no measurement. */
  clear(): void {
    this.rounds.length = 0;
    this.again();
  }

  count(row: number, step: Step): void {
    const counts = this.counts[step];
    if (!this.isPaused) counts[row] = (counts[row] as number) + 1;
  }

  counted(row: number, step: Step): number {
    return this.counts[step][row] as number;
  }

  /** Time from here on is that of `row` at `stage`; answers what to go back to. */
  enter(row: number, stage: Stage): number {
    return this.change(row * STAGES.length + STAGES.indexOf(stage));
  }

  /** As `enter`, for the row that has the time now. */
  enterStage(stage: Stage): number {
    return this.change(this.cell - (this.cell % STAGES.length) + STAGES.indexOf(stage));
  }

  leave(before: number): void {
    this.change(before);
  }

  /** What `work` calls is not told apart, and not counted. */
  paused<T>(work: () => T): T {
    if (this.isPaused) return work();
    this.isPaused = true;
    try {
      return work();
    } finally {
      this.isPaused = false;
    }
  }

  get isOff(): boolean {
    return this.isPaused;
  }

  start(row: number, stage: Stage): void {
    this.cell = row * STAGES.length + STAGES.indexOf(stage);
    this.mark = performance.now();
  }

  stop(): void {
    this.change(this.cell);
  }

  /**
   * Milliseconds of a round by row and stage: of each the middle one of all rounds, for what else runs on the machine
   * falls on any. `clockMs` is what the clock took in a round: more than in a loop of nothing else, but never less.
   */
  times(clockMs: number): CostTimes {
    const changeMs = Math.max(leastChangeMs(), clockMs / this.changes.reduce((sum, count) => sum + count, 1));
    const times = Float64Array.from(this.changes, (changes, cell) => {
      const each = this.rounds.map((ms) => ms[cell] as number).sort((a, b) => a - b);
      return Math.max(0, (each[each.length >> 1] as number) - changes * changeMs);
    });
    return new CostTimes(times, this.counts);
  }

  private change(cell: number): number {
    const before = this.cell;
    if (this.isPaused) return before;
    const now = performance.now();
    this.ms[before] = (this.ms[before] as number) + now - this.mark;
    this.changes[before] = (this.changes[before] as number) + 1;
    this.cell = cell;
    this.mark = now;
    return before;
  }
}

/** What a round took by row and stage, without the clock. */
class CostTimes {
  private readonly ms: Float64Array;
  private readonly counts: Record<Step, Float64Array>;

  constructor(ms: Float64Array, counts: Record<Step, Float64Array>) {
    this.ms = ms;
    this.counts = counts;
  }

  /** Milliseconds of a row at a stage. */
  of(row: number, stage: Stage): number {
    return this.ms[row * STAGES.length + STAGES.indexOf(stage)] as number;
  }

  /** Gives the time of one row to others by how much of `step` each has. */
  share(from: number, step: Step): void {
    const counts = this.counts[step];
    const sum = counts.reduce((total, count) => total + count, 0);
    if (sum === 0) return;
    for (const [at, stage] of STAGES.entries()) {
      const ms = this.of(from, stage);
      this.ms[from * STAGES.length + at] = 0;
      for (const [row, count] of counts.entries()) {
        const cell = row * STAGES.length + at;
        this.ms[cell] = (this.ms[cell] as number) + (ms * count) / sum;
      }
    }
  }
}

let measuredMs: number | undefined;

/** What one change takes by itself. */
function leastChangeMs(): number {
  if (measuredMs === undefined) {
    // The meter that measures it must not ask.
    measuredMs = 0;
    const meter = new CostMeter(2);
    meter.start(0, 'decode');
    const began = performance.now();
    for (let round = 0; round < CALIBRATION_ROUNDS; round++) meter.leave(meter.enter(1, 'patterns'));
    measuredMs = (performance.now() - began) / (2 * CALIBRATION_ROUNDS);
  }
  return measuredMs;
}
