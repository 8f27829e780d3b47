import { readHybrid } from './parquet-levels.ts';
import type { PageRows } from './parquet-rows.ts';

/** Index pages that wait for somebody to ask; beyond that they are counted without being asked for. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;

interface IndexPage {
  bytes: Buffer;
  from: number;
  to: number;
  values: number;
  rows: PageRows;
}

/** How often, and first in which row, each entry of a dictionary is used. Index pages are decoded only when a hit asks. */
export class DictionaryUse {
  private pages: IndexPage[] = [];
  private heldBytes = 0;
  private counts: Float64Array | null = null;
  private firstRows: Float64Array | null = null;
  private readonly entries: number;

  constructor(entries: number) {
    this.entries = entries;
  }

  add(page: IndexPage): void {
    this.pages.push(page);
    this.heldBytes += page.bytes.length;
    if (this.heldBytes > MAX_HELD_BYTES) this.count();
  }

  /** An entry that no row uses is stored once all the same. */
  weightOf(entry: number): number {
    this.count();
    return Math.max(1, this.counts?.[entry] ?? 1);
  }

  firstRowOf(entry: number): number | undefined {
    this.count();
    const row = this.firstRows?.[entry] ?? -1;
    return row < 0 ? undefined : row;
  }

  private count(): void {
    this.counts ??= new Float64Array(this.entries);
    this.firstRows ??= new Float64Array(this.entries).fill(-1);
    for (const { bytes, from, to, values, rows } of this.pages) {
      const bitWidth = bytes[from] ?? 0;
      if (from >= to || bitWidth > 32) continue;
      const indexes = new Uint32Array(values);
      const read = readHybrid(bytes, from + 1, to, bitWidth, values, indexes);
      for (let i = 0; i < read; i++) {
        const entry = indexes[i] as number;
        if (entry >= this.entries) continue;
        this.counts[entry] = (this.counts[entry] as number) + 1;
        if (this.firstRows[entry] === -1) this.firstRows[entry] = rows.rowOf(i);
      }
    }
    this.pages = [];
    this.heldBytes = 0;
  }
}
