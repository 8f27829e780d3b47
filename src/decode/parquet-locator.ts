import type { ColumnPlace, Location, Locator } from '../model/segment.ts';

/** Where each value of a page begins in its text. Reused from page to page. */
export class ValueStarts {
  private offsets = new Float64Array(1024);
  private indexes: Uint32Array | null = null;
  count = 0;

  clear(): void {
    this.count = 0;
    this.indexes = null;
  }

  add(offset: number): void {
    if (this.count === this.offsets.length) this.offsets = grow(this.offsets, new Float64Array(this.count * 2));
    this.offsets[this.count++] = offset;
  }

  /** As `add`, when not every value has text: `index` is the value's number. */
  addIndexed(offset: number, index: number): void {
    this.indexes ??= new Uint32Array(this.offsets.length);
    if (this.count >= this.indexes.length) this.indexes = grow(this.indexes, new Uint32Array(this.count * 2));
    this.indexes[this.count] = index;
    this.add(offset);
  }

  /** Number of the value that the text at `offset` is part of. */
  valueAt(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.offsets[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.indexes === null ? low : (this.indexes[low] ?? 0);
  }
}

function grow<T extends Float64Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

/** Names the row of text that `starts` describes. */
export class ValueLocator implements Locator {
  private readonly place: ColumnPlace & { column: string };
  private readonly starts: ValueStarts;
  private readonly rowOf: (value: number) => number | undefined;
  private readonly weightOf: ((value: number) => number) | undefined;

  constructor(
    column: string,
    starts: ValueStarts,
    rowOf: (value: number) => number | undefined,
    weightOf?: (value: number) => number,
  ) {
    this.place = { column };
    this.starts = starts;
    this.rowOf = rowOf;
    this.weightOf = weightOf;
  }

  locate(offset: number): Location {
    const row = this.rowOf(this.starts.valueAt(offset));
    const { column } = this.place;
    return row === undefined ? { column } : { column, row };
  }

  columnAt(): ColumnPlace {
    return this.place;
  }

  weight(offset: number): number {
    return this.weightOf?.(this.starts.valueAt(offset)) ?? 1;
  }
}
