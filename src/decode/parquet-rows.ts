import { bitWidthOf, readHybrid } from './parquet-levels.ts';

/** A stretch of encoded levels; null when there are none to store. */
export interface LevelBytes {
  bytes: Buffer;
  from: number;
  to: number;
}

/** Which row each value of one page belongs to. Levels are decoded when somebody asks. */
export class PageRows {
  private readonly values: number;
  private readonly before: number;
  private readonly definition: LevelBytes | null;
  private readonly repetition: LevelBytes | null;
  private readonly maxDefinition: number;
  private readonly maxRepetition: number;
  private rows: Float64Array | null = null;

  /**
   * `values` counts nulls; `before` is how many rows began in earlier pages of the chunk, plus the row number its first
   * row has.
   */
  constructor(
    values: number,
    before: number,
    levels: { definition: LevelBytes | null; repetition: LevelBytes | null },
    maxima: { maxDefinition: number; maxRepetition: number },
  ) {
    this.values = values;
    this.before = before;
    this.definition = levels.definition;
    this.repetition = levels.repetition;
    this.maxDefinition = maxima.maxDefinition;
    this.maxRepetition = maxima.maxRepetition;
  }

  /** Rows that begin in this page. */
  rowsBegun(): number {
    if (this.repetition === null) return this.values;
    const levels = this.levels(this.repetition, this.maxRepetition);
    let rows = 0;
    for (let i = 0; i < levels.length; i++) if (levels[i] === 0) rows++;
    return rows;
  }

  /** Row of the value with this index among the values that are not null. */
  rowOf(index: number): number {
    if (this.definition === null && this.repetition === null) return this.before + index;
    this.rows ??= this.rowsOfValues();
    return this.rows[Math.min(index, this.rows.length - 1)] ?? this.before;
  }

  private rowsOfValues(): Float64Array {
    const definitions = this.definition === null ? null : this.levels(this.definition, this.maxDefinition);
    const repetitions = this.repetition === null ? null : this.levels(this.repetition, this.maxRepetition);
    const rows = new Float64Array(this.values);
    let found = 0;
    let row = this.before - 1;
    for (let i = 0; i < this.values; i++) {
      if (repetitions === null || repetitions[i] === 0) row++;
      if (definitions === null || definitions[i] === this.maxDefinition) rows[found++] = row;
    }
    return rows.subarray(0, found);
  }

  private levels({ bytes, from, to }: LevelBytes, max: number): Uint32Array {
    const levels = new Uint32Array(this.values);
    const read = readHybrid(bytes, from, to, bitWidthOf(max), this.values, levels);
    return levels.subarray(0, read);
  }
}
