import { JsonUnescaper, UNESCAPE_SLACK } from './json-unescape.ts';

/** Where one piece of input begins: enough to decode it again. */
interface Checkpoint {
  raw: number;
  text: number;
  input: Buffer;
  /** Of the piece in `input`. */
  index: number;
  tail: Buffer;
  state: Int32Array | null;
}

/**
 * Text offsets to raw offsets of unescaped JSON. Nothing is noted per escape: a piece in which somebody asks for an
 * offset is decoded again up to it.
 */
export class JsonMap {
  private checkpoints: Checkpoint[] = [];
  private readonly replay = new JsonUnescaper();
  private readonly scratch: Buffer;
  private readonly start: number;
  private piece: Checkpoint | null = null;
  private index = 0;
  private text = 0;
  /** Where the last piece ends. */
  private end = { raw: 0, text: 0 };
  /** Number of the checkpoint asked for last. */
  private recent = 0;
  /** Set by `bound`. */
  least = 0;
  most = 0;

  constructor(pieceBytes: number, start: number) {
    this.start = start;
    this.scratch = Buffer.allocUnsafe(pieceBytes + UNESCAPE_SLACK);
  }

  mark(checkpoint: Checkpoint): void {
    this.checkpoints.push(checkpoint);
  }

  /** Says where the piece ends that was marked last. */
  close(raw: number, text: number): void {
    this.end.raw = raw;
    this.end.text = text;
  }

  /**
   * Sets `least` and `most` to raw offsets between which that of `target` lies, without decoding anything: a byte of text takes at least
   * one of the input, so that both are exact where a piece has no escapes.
   */
  bound(target: number): void {
    const at = this.indexOf(target - 1);
    const piece = this.checkpoints[at];
    if (piece === undefined || target === 0) {
      this.least = this.most = this.start;
      return;
    }
    const { raw, text } = this.checkpoints[at + 1] ?? this.end;
    const isCopy = piece.state === null && raw - piece.raw === text - piece.text;
    // Never outside the piece: the bytes before it may be gone.
    this.least = Math.max(piece.raw, piece.raw + target - piece.text - (piece.state === null ? 0 : UNESCAPE_SLACK));
    this.most = Math.min(raw, raw - text + target + (isCopy ? 0 : UNESCAPE_SLACK));
  }

  /**
   * The raw offset directly behind what made the text byte before `target`: where the character or escape at `target`
   * begins, and where text that ends there ends, also when a piece was cut within an escape.
   */
  rawOffset(target: number): number {
    const piece = this.checkpoints[this.indexOf(target - 1)];
    if (piece === undefined || target === 0) return this.start;
    if (this.piece !== piece || target < this.text) {
      this.replay.restore(piece.state, piece.tail);
      this.piece = piece;
      this.index = piece.index;
      this.text = piece.text;
    }
    while (this.text < target && this.index < piece.input.length) {
      const room = this.scratch.length - UNESCAPE_SLACK;
      this.replay.decode(piece.input, this.index, this.scratch, 0, Math.min(target - this.text, room));
      this.index = this.replay.inputEnd;
      this.text += this.replay.outputEnd;
    }
    return piece.raw + this.index - piece.index;
  }

  release(text: number): void {
    let drop = 0;
    while (drop < this.checkpoints.length - 1 && (this.checkpoints[drop + 1]?.text ?? 0) < text) drop++;
    if (drop === 0) return;
    this.checkpoints.splice(0, drop);
    this.recent = 0;
  }

  private indexOf(target: number): number {
    const { checkpoints, recent } = this;
    if (
      target >= (checkpoints[recent]?.text ?? Number.POSITIVE_INFINITY) &&
      target < (checkpoints[recent + 1]?.text ?? 0)
    ) {
      return recent;
    }
    let low = 0;
    let high = this.checkpoints.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.checkpoints[middle]?.text ?? 0) <= target) low = middle;
      else high = middle - 1;
    }
    this.recent = low;
    return low;
  }
}
