import type { DistinctSketch } from '../model/finding.ts';

/** The same contact in so many objects is published: a footer, a licence, a press office. */
export const PUBLISHED_OBJECTS = 20;
/** Columns with more values than this are data, not boilerplate. */
const MAX_VALUES = 16;
const MAX_TRACKED = 200_000;

/**
 * Counts the objects each value stands in, for values of small columns. Bounded: when there are too many, only values
 * whose hash begins with one more zero bit are counted, so that what is kept does not depend on the order.
 */
export class RepeatedValues {
  private readonly objects = new Map<string, number>();
  private zeroBits = 0;
  private readonly maxTracked: number;

  constructor(maxTracked = MAX_TRACKED) {
    this.maxTracked = maxTracked;
  }

  /** Adds the values of one object. */
  add(values: ReadonlySet<string>): void {
    for (const value of values) {
      if (!this.isTracked(value)) continue;
      this.objects.set(value, (this.objects.get(value) ?? 0) + 1);
    }
    while (this.objects.size > this.maxTracked) this.drop();
  }

  /** Objects that hold the rarest of these values; 0 when one of them was not counted. */
  leastObjects(values: readonly string[]): number {
    return values.reduce((least, value) => Math.min(least, this.objects.get(value) ?? 0), Number.POSITIVE_INFINITY);
  }

  private drop(): void {
    this.zeroBits++;
    for (const value of this.objects.keys()) if (!this.isTracked(value)) this.objects.delete(value);
  }

  private isTracked(value: string): boolean {
    return this.zeroBits === 0 || Number.parseInt(value.slice(0, 8), 16) < 2 ** (32 - this.zeroBits);
  }
}

/** The hashes of a small column, or null when it holds too many values to be boilerplate. */
export function smallColumn(sketch: DistinctSketch): string[] | null {
  return 'exact' in sketch && sketch.exact.length > 0 && sketch.exact.length <= MAX_VALUES ? sketch.exact : null;
}
