import type { RawSpan } from './raw-span.ts';

/** A small state that reads stored bytes in order and knows the place it has come to. */
export interface Machine<State> {
  start(): State;
  clone(state: State): State;
  /** Reads bytes[from, to); the byte at index 0 has the offset `origin`. */
  read(state: State, bytes: Buffer, from: number, to: number, origin: number): void;
  /** Bytes before `offset` will be gone: whatever the state refers to there must be copied into it. */
  settle?(state: State, offset: number): void;
}

interface Mark<State> {
  at: number;
  state: State;
}

/** Between two marks a second question may cost this many bytes of reading. */
const MARK_BYTES = 16 * 1024;
/** How far the state may stay behind what is released, when that saves reading it twice. */
const LAG_BYTES = 1024 * 1024;

/**
 * Runs a machine over a span, forward, and only as far as somebody asks. Questions about earlier places start again
 * from a mark, so that many hits in one window stay linear.
 */
export class ForwardCursor<State> {
  private readonly span: RawSpan;
  private readonly machine: Machine<State>;
  /** Ascending; the first one never lies behind what the span has dropped. */
  private marks: Mark<State>[];
  private current: Mark<State>;

  constructor(span: RawSpan, machine: Machine<State>) {
    this.span = span;
    this.machine = machine;
    this.current = { at: span.end, state: machine.start() };
    this.marks = [this.copyOf(this.current)];
  }

  /** The state before the byte at `offset`. Valid until the next call. */
  seek(offset: number): State {
    if (offset < this.current.at) this.current = this.copyOf(this.markBefore(offset));
    else {
      const mark = this.markBefore(offset);
      if (mark.at > this.current.at) this.current = this.copyOf(mark);
    }
    this.advance(offset);
    const last = this.marks.at(-1);
    if (last !== undefined && this.current.at - last.at >= MARK_BYTES) this.marks.push(this.copyOf(this.current));
    return this.current.state;
  }

  /** Gives a state that the caller has come to by itself. Offsets ascend. */
  note(offset: number, state: State): void {
    this.marks.push({ at: offset, state });
  }

  /** Nothing before `offset` will be asked for again. */
  release(offset: number): void {
    let mark = this.markBefore(offset);
    if (offset - mark.at > LAG_BYTES || mark === this.marks[0]) {
      if (this.current.at < mark.at || this.current.at > offset) this.current = this.copyOf(mark);
      this.advance(offset);
      mark = this.copyOf(this.current);
    }
    this.machine.settle?.(mark.state, mark.at);
    this.marks = [mark, ...this.marks.filter(({ at }) => at > offset && this.machine.settle === undefined)];
    this.current = this.copyOf(mark);
    this.span.drop(mark.at);
  }

  private advance(offset: number): void {
    const { state, at } = this.current;
    this.span.visit(at, offset, (bytes, from, to, origin) => {
      this.machine.read(state, bytes, from, to, origin);
      return true;
    });
    this.current.at = Math.max(at, offset);
  }

  private markBefore(offset: number): Mark<State> {
    let low = 0;
    let high = this.marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.marks[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.marks[low] as Mark<State>;
  }

  private copyOf(mark: Mark<State>): Mark<State> {
    return { at: mark.at, state: this.machine.clone(mark.state) };
  }
}
