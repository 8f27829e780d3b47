import { type Kernel, openKernel } from '../decode/kernel.ts';
import type { Automaton, ByteSet } from './automaton.ts';

const LANES = 8;
/** Bytes one lane reads between two deliveries of events. */
const MAX_PART = 16 * 1024;
/** Lane 0 starts here, every other one this far behind the last; as in trigger-lanes.wat. */
const FIRST_LANE = 64;
const LANE_BYTES = MAX_PART + 192;
const TABLE = 133_120;
/** Bytes of a table row: one u16 for each byte. */
const ROW_BYTES = 512;
const BLOCK_BYTES = LANES * MAX_PART;
/** An event is the address of a byte and a state; a lane has room for one at each of its bytes. */
const EVENT_WORDS = 2;
const ROOM_BYTES = MAX_PART * EVENT_WORDS * 4;
/** A state is a u16 whose accepting ones have a bit of their own. */
const MAX_STATES = 32_768;
/** How far from the byte just read a look may go. */
export const LOOK_BYTES = 32;
/** How far a look ahead may go. */
const AHEAD_BYTES = 128;
/** Words of a state's looks: distance and table of two, then the look ahead. */
const LOOKS_WORDS = 8;
/** A step of the walk where a state accepts: eight states and a place. */
const STEP_BYTES = 32;

/** A byte near the one just read that rules an accepting state's patterns out unless it is in the set. */
export interface Look {
  /** From the byte just read, at most `LOOK_BYTES` either way. */
  distance: number;
  set: ByteSet;
}

/** Rules an accepting state's patterns out unless a byte with 2 in the set comes behind bytes with 1. */
export interface LookAhead {
  /** Of the first byte from the one just read, at least 1. */
  distance: number;
  /** Bytes that are looked at. */
  within: number;
  set: ByteSet;
}

/** What is looked at before an accepting state counts. */
export interface Looks {
  /** At most two. */
  near: readonly Look[];
  ahead: LookAhead | null;
}

/** What a byte says, what ends the search, and what bytes from 128 on do. */
const SEARCH_BYTES = 256 + 16 + 16;
const NO_LOOKS: Looks = { near: [], ahead: null };
const FILE = new URL('trigger-lanes.wasm', import.meta.url);

/** The automaton's table in memory of its own, walked by `trigger-lanes.wat`. */
export class TriggerKernel {
  /** Largest number of bytes that one `run` takes. */
  static readonly blockBytes = BLOCK_BYTES;
  private readonly bytes: Uint8Array;
  private readonly words: Int32Array;
  private readonly call: Kernel['call'];
  private readonly flag: number;
  private readonly looks: number;
  private readonly out: number;
  private readonly steps: number;
  private readonly automaton: Automaton;
  private readonly table: Uint16Array;
  private readonly starts = new Array<number>(LANES).fill(0);
  private part = 0;

  /** Null when the automaton has more states than the table can name. `looks`: of each output. */
  static open(automaton: Automaton, looks: readonly Looks[]): TriggerKernel | null {
    const accepting = automaton.outputs.length;
    const quiet = automaton.states - accepting;
    return Math.max(quiet, accepting) > MAX_STATES ? null : new TriggerKernel(automaton, looks);
  }

  private constructor(automaton: Automaton, looks: readonly Looks[]) {
    this.automaton = automaton;
    const accepting = automaton.outputs.length;
    const quiet = automaton.states - accepting;
    const sets = new Set<ByteSet>();
    const searches = new Set<ByteSet>();
    for (const { near, ahead } of looks) {
      for (const { set } of near) sets.add(set);
      if (ahead !== null) searches.add(ahead.set);
    }
    this.flag = 2 ** Math.ceil(Math.log2(Math.max(quiet, accepting, 1)));
    this.looks = TABLE + (this.flag + accepting) * ROW_BYTES;
    const setsAt = this.looks + accepting * LOOKS_WORDS * 4;
    const searchesAt = setsAt + (sets.size + 1) * 256;
    this.out = searchesAt + searches.size * SEARCH_BYTES;
    this.steps = this.out + LANES * ROOM_BYTES;
    const { memory, call } = openKernel(FILE, this.steps + (MAX_PART + 1) * STEP_BYTES);
    this.bytes = new Uint8Array(memory);
    this.words = new Int32Array(memory);
    this.call = call;
    this.table = new Uint16Array(memory, TABLE);
    this.fill(this.table);
    // The first set rules nothing out.
    this.bytes.fill(1, setsAt, setsAt + 256);
    const nearAt = this.put(sets, setsAt + 256, 256, (set) => set);
    const searchAt = this.put(searches, searchesAt, SEARCH_BYTES, packSearch);
    for (let output = 0; output < accepting; output++) {
      const { near, ahead } = looks[output] ?? NO_LOOKS;
      const at = (this.looks >> 2) + output * LOOKS_WORDS;
      for (let k = 0; k < 2; k++) {
        const look = near[k];
        this.words[at + 2 * k] = look?.distance ?? 0;
        this.words[at + 2 * k + 1] = look === undefined ? setsAt : (nearAt.get(look.set) as number);
      }
      if (ahead === null) continue;
      const { distance, within, set } = ahead;
      const count = Math.min(within, AHEAD_BYTES - distance + 1);
      // What is further away than the kernel can see is left to whoever is called.
      if (count > 0) this.words.set([distance, count, searchAt.get(set) as number, count < within ? 1 : 0], at + 4);
    }
  }

  /**
   * Walks bytes [from, to), at most `blockBytes`, in lanes of equal length; answers where the last lane ended: less than
   * `LANES` bytes are left. `isStart`: `bytes[0]` is the first byte of its stream. Events are ready for `deliver`.
   */
  run(bytes: Buffer, from: number, to: number, isStart: boolean): number {
    const part = Math.floor((to - from) / LANES);
    const { flag, looks, out, steps, starts } = this;
    for (let lane = 0; lane < LANES; lane++) {
      const start = from + lane * part;
      const before = Math.min(start, LOOK_BYTES);
      const behind = Math.min(bytes.length, start + part + AHEAD_BYTES);
      this.bytes.set(bytes.subarray(start - before, behind), FIRST_LANE + lane * LANE_BYTES - before);
      starts[lane] = this.stateBefore(bytes, start, isStart);
    }
    this.call.lanes?.(part, flag, looks, out, ROOM_BYTES, steps, ...starts);
    this.part = part;
    return from + LANES * part;
  }

  /** Calls `onEvent(at, output)` for the events of the last `run`, which began at `from`, ascending. */
  deliver(from: number, onEvent: (at: number, output: number) => void): void {
    const { words, flag, out, part } = this;
    for (let lane = 0; lane < LANES; lane++) {
      const end = (words[lane] as number) >> 2;
      const shift = from + lane * part - FIRST_LANE;
      for (let at = (out + lane * ROOM_BYTES) >> 2; at < end; at += EVENT_WORDS) {
        onEvent((words[at] as number) + shift, (words[at + 1] as number) - flag);
      }
    }
  }

  /** No pattern is longer than `longest`, so older bytes cannot matter. */
  private stateBefore(bytes: Buffer, at: number, isStart: boolean): number {
    const { table, automaton } = this;
    let i = Math.max(0, at - automaton.longest);
    let state = i === 0 && isStart ? this.named(automaton.start) : 0;
    for (; i < at; i++) state = table[(state << 8) | (bytes[i] as number)] as number;
    return state;
  }

  /** Writes sets from `from` on, each `size` bytes behind the last; answers where they are. */
  private put(
    sets: Iterable<ByteSet>,
    from: number,
    size: number,
    pack: (set: ByteSet) => Uint8Array,
  ): Map<ByteSet, number> {
    const places = new Map<ByteSet, number>();
    for (const set of sets) {
      const at = from + places.size * size;
      this.bytes.set(pack(set), at);
      places.set(set, at);
    }
    return places;
  }

  /** The name that the table has for a row of the automaton. */
  private named(row: number): number {
    const { acceptFrom, width } = this.automaton;
    return row < acceptFrom ? row / width : this.flag + (row - acceptFrom) / width;
  }

  private fill(table: Uint16Array): void {
    const { classes, table: rows, width, states } = this.automaton;
    const names = Uint16Array.from({ length: states }, (_, state) => this.named(state * width));
    for (let state = 0; state < states; state++) {
      const to = (names[state] as number) << 8;
      const row = state * width;
      for (let byte = 0; byte < 256; byte++) {
        table[to + byte] = names[(rows[row + (classes[byte] as number)] as number) / width] as number;
      }
    }
  }
}

/** A search as the kernel reads it. Bytes from 128 on end it when one of them does; where it may go on, it says yes. */
function packSearch(set: ByteSet): Uint8Array {
  const packed = new Uint8Array(SEARCH_BYTES);
  packed.set(set);
  for (let byte = 0; byte < 128; byte++) {
    const at = 256 + (byte & 15);
    if (set[byte] !== 1) packed[at] = (packed[at] as number) | (1 << (byte >> 4));
  }
  if (set.subarray(128).some((says) => says !== 1)) packed.fill(255, 272, 274);
  return packed;
}
