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

  constructor(pieceBytes: number, start: number) {
    this.start = start;
    this.scratch = Buffer.allocUnsafe(pieceBytes + UNESCAPE_SLACK);
  }

  mark(checkpoint: Checkpoint): void {
    this.checkpoints.push(checkpoint);
  }

  /**
   * The raw offset directly behind what made the text byte before `target`: where the character or escape at `target`
   * begins, and where text that ends there ends, also when a piece was cut within an escape.
   */
  rawOffset(target: number): number {
    const piece = this.pieceAt(target - 1);
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
    if (drop > 0) this.checkpoints.splice(0, drop);
  }

  private pieceAt(target: number): Checkpoint | undefined {
    let low = 0;
    let high = this.checkpoints.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.checkpoints[middle]?.text ?? 0) <= target) low = middle;
      else high = middle - 1;
    }
    return this.checkpoints[low];
  }
}
