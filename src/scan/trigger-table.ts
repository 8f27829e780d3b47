import type { ByteSet } from './automaton.ts';
import type { CompiledTrigger } from './triggers.ts';

/** Of a row: bytes of the trigger (-1: a number), how many are behind its piece, and where its sets stand. */
const FIELDS = 8;
const NUMBER = -1;
const NO_SET = -1;
const FOUND = 2;

/**
 * The triggers as numbers in a row: some thousands a megabyte are looked at, and each object on the way to a byte would
 * be another miss of the cache.
 */
export class TriggerTable {
  private readonly rows: Int32Array;
  /** Numbers of the sets of all triggers, one trigger after the other. */
  private readonly places: Uint16Array;
  /** 256 bytes a set. */
  private readonly sets: Uint8Array;

  constructor(triggers: readonly CompiledTrigger[]) {
    const known = new Map<ByteSet, number>();
    const sets = new Map<string, number>();
    const places: number[] = [];
    const numberOf = (set: ByteSet | null): number => {
      if (set === null) return NO_SET;
      let number = known.get(set);
      if (number === undefined) {
        const content = Buffer.from(set).toString('latin1');
        number = sets.get(content) ?? sets.size;
        sets.set(content, number);
        known.set(set, number);
      }
      return number;
    };
    this.rows = new Int32Array(triggers.length * FIELDS);
    triggers.forEach((trigger, id) => {
      const row = id * FIELDS;
      if (trigger.kind === 'number') {
        this.rows[row] = NUMBER;
        return;
      }
      const { ahead } = trigger;
      const from = places.length;
      places.push(...trigger.sets.map(numberOf));
      const beside = [
        numberOf(trigger.before),
        numberOf(trigger.after),
        numberOf(ahead?.search ?? null),
        ahead?.within ?? 0,
      ];
      this.rows.set([trigger.sets.length, trigger.behind, from, ...beside], row);
    });
    this.places = Uint16Array.from(places);
    this.sets = new Uint8Array(sets.size * 256);
    for (const [set, number] of known) this.sets.set(set, number * 256);
  }

  isNumber(id: number): boolean {
    return this.rows[id * FIELDS] === NUMBER;
  }

  /**
   * Where the text trigger `id` starts whose piece ends at `at`, or -1 when the rest of it or what must stand near it is not there.
   * Costs tens of nanoseconds where a pattern costs microseconds.
   */
  confirm(id: number, text: Buffer, at: number): number {
    const { rows, places, sets } = this;
    const row = id * FIELDS;
    const length = rows[row] as number;
    const end = at + 1 + (rows[row + 1] as number);
    const start = end - length;
    if (start < 0 || end > text.length) return -1;
    const from = rows[row + 2] as number;
    for (let k = 0; k < length; k++) {
      if (sets[((places[from + k] as number) << 8) | (text[start + k] as number)] === 0) return -1;
    }
    const before = rows[row + 3] as number;
    if (before >= 0 && (start === 0 || sets[(before << 8) | (text[start - 1] as number)] === 0)) return -1;
    const after = rows[row + 4] as number;
    if (after >= 0 && (end === text.length || sets[(after << 8) | (text[end] as number)] === 0)) return -1;
    const search = rows[row + 5] as number;
    return search < 0 || this.isAhead(search << 8, text, end, rows[row + 6] as number) ? start : -1;
  }

  private isAhead(search: number, text: Buffer, from: number, within: number): boolean {
    const limit = Math.min(text.length, from + within);
    for (let i = from; i < limit; i++) {
      const says = this.sets[search | (text[i] as number)] as number;
      if (says !== 1) return says === FOUND;
    }
    return false;
  }
}
