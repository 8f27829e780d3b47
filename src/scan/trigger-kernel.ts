import { type Kernel, openKernel } from '../decode/kernel.ts';
import type { Automaton } from './automaton.ts';

const LANES = 6;
/** Bytes of a table row: one u16 for each byte. */
const ROW_BYTES = 512;
const TABLE = ROW_BYTES;
/** Bytes one lane reads between two deliveries of events. */
const MAX_PART = 16 * 1024;
const BLOCK_BYTES = LANES * MAX_PART;
/** An event is the address of a byte and a state; a lane has room for one at each of its bytes. */
const EVENT_WORDS = 2;
const ROOM_BYTES = MAX_PART * EVENT_WORDS * 4;
/** A state is a u16 whose accepting ones have a bit of their own. */
const MAX_STATES = 32_768;

const FILE = new URL('trigger-lanes.wasm', import.meta.url);

/** The automaton's table in memory of its own, walked by `trigger-lanes.wat`. */
export class TriggerKernel {
  /** Largest number of bytes that one `run` takes. */
  static readonly blockBytes = BLOCK_BYTES;
  private readonly bytes: Uint8Array;
  private readonly words: Int32Array;
  private readonly call: Kernel['call'];
  private readonly flag: number;
  private readonly block: number;
  private readonly out: number;
  private readonly automaton: Automaton;

  /** Null when the automaton has more states than the table can name. */
  static open(automaton: Automaton): TriggerKernel | null {
    const accepting = automaton.outputs.length;
    const quiet = automaton.states - accepting;
    return Math.max(quiet, accepting) > MAX_STATES ? null : new TriggerKernel(automaton);
  }

  private constructor(automaton: Automaton) {
    this.automaton = automaton;
    const accepting = automaton.outputs.length;
    const quiet = automaton.states - accepting;
    this.flag = 2 ** Math.ceil(Math.log2(Math.max(quiet, accepting, 1)));
    this.block = TABLE + (this.flag + accepting) * ROW_BYTES;
    this.out = this.block + BLOCK_BYTES;
    const { memory, call } = openKernel(FILE, this.out + LANES * ROOM_BYTES);
    this.bytes = new Uint8Array(memory);
    this.words = new Int32Array(memory);
    this.call = call;
    this.fill(new Uint16Array(memory));
  }

  /**
   * Walks bytes [from, to), at most `blockBytes`, in lanes of equal length; answers where the last lane ended: less than
   * `LANES` bytes are left. `startOf(at)` is the automaton's state before a byte. Events are ready for `deliver`.
   */
  run(bytes: Buffer, from: number, to: number, startOf: (at: number) => number): number {
    const part = Math.floor((to - from) / LANES);
    const end = from + part * LANES;
    this.bytes.set(bytes.subarray(from, end), this.block);
    const state = (lane: number): number => this.named(startOf(from + lane * part));
    const { block, flag, out } = this;
    this.call.lanes?.(
      block,
      part,
      TABLE,
      flag,
      out,
      ROOM_BYTES,
      state(0),
      state(1),
      state(2),
      state(3),
      state(4),
      state(5),
    );
    return end;
  }

  /** Calls `onEvent(at, output)` for the events of the last `run`, which began at `from`, ascending. */
  deliver(from: number, onEvent: (at: number, output: number) => void): void {
    const { words, block, flag, out } = this;
    for (let lane = 0; lane < LANES; lane++) {
      const end = (words[lane] as number) >> 2;
      for (let at = (out + lane * ROOM_BYTES) >> 2; at < end; at += EVENT_WORDS) {
        onEvent((words[at] as number) - block + from, (words[at + 1] as number) - flag);
      }
    }
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
      const to = (TABLE + (names[state] as number) * ROW_BYTES) >> 1;
      const row = state * width;
      for (let byte = 0; byte < 256; byte++) {
        table[to + byte] = names[(rows[row + (classes[byte] as number)] as number) / width] as number;
      }
    }
  }
}
