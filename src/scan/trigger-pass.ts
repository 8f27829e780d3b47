import type { Automaton } from './automaton.ts';
import { type Looks, TriggerKernel } from './trigger-kernel.ts';

/** Shorter texts (names, single cells) are not worth several lanes. */
const SHORT_BYTES = 2048;

type OnEvent = (at: number, output: number) => void;

/**
 * The one pass over every byte. The next state waits for the last one's load, so a single chain leaves the processor idle
 * for most of each byte: long texts are walked by a kernel with eight (1,700 MB/s against 470 for one chain in JavaScript
 * and 700 for two). Events are collected and delivered in order; nothing is called from inside the loop.
 */
export class TriggerPass {
  private readonly automaton: Automaton;
  private readonly kernel: TriggerKernel | null;
  private isDelivering = false;

  /** `looks`: for each output, what every place where it matters passes. */
  constructor(automaton: Automaton, looks: readonly Looks[] = []) {
    this.automaton = automaton;
    this.kernel = TriggerKernel.open(automaton, looks);
  }

  /**
   * Calls `onEvent(at, output)` for the accepting states in [from, to), ascending, but for some whose looks rule them out; `output` is an index of
   * `automaton.outputs`. `isStart`: `bytes[0]` is the first byte of its stream; else at least `automaton.longest` bytes
   * stand before `from`.
   */
  run(bytes: Buffer, from: number, to: number, isStart: boolean, onEvent: OnEvent): void {
    const { kernel } = this;
    // A name that is masked while events are delivered runs inside this call: the kernel is taken then.
    if (kernel === null || to - from < SHORT_BYTES || this.isDelivering) {
      this.single(bytes, from, to, isStart, onEvent);
      return;
    }
    this.isDelivering = true;
    try {
      let at = from;
      while (to - at >= SHORT_BYTES) {
        const end = kernel.run(bytes, at, Math.min(to, at + TriggerKernel.blockBytes), isStart);
        kernel.deliver(at, onEvent);
        at = end;
      }
      this.single(bytes, at, to, isStart, onEvent);
    } finally {
      this.isDelivering = false;
    }
  }

  private single(bytes: Buffer, from: number, to: number, isStart: boolean, onEvent: OnEvent): void {
    const { classes, table, acceptFrom, width } = this.automaton;
    let state = this.warm(bytes, from, isStart);
    for (let i = from; i < to; i++) {
      state = table[state + (classes[bytes[i] as number] as number)] as number;
      if (state >= acceptFrom) onEvent(i, (state - acceptFrom) / width);
    }
  }

  /** The state before `at`: no pattern is longer than `longest`, so older bytes cannot matter. */
  private warm(bytes: Buffer, at: number, isStart: boolean): number {
    const { classes, table, longest, start } = this.automaton;
    let i = Math.max(0, at - longest);
    let state = i === 0 && isStart ? start : 0;
    for (; i < at; i++) state = table[state + (classes[bytes[i] as number] as number)] as number;
    return state;
  }
}
