const HEADER_MAX = 18;
const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

type State = 'header' | 'block' | 'body' | 'checksum' | 'skip' | 'junk';

/**
 * Finds where zstd frames end (RFC 8878, 3.1), because the decoder of Node drops what follows a frame in the same
 * write. It only reads block headers.
 */
export class ZstdFrames {
  /** What does not start a frame was met after a frame: trailing bytes that are not zstd. */
  junk = false;
  /** The largest window that a frame has asked for so far: memory of the decoder. */
  windowBytes = 0;
  private state: State = 'header';
  private header = Buffer.alloc(0);
  private left = 0;
  private lastBlock = false;
  private hasChecksum = false;

  /** In the middle of a frame. */
  get open(): boolean {
    return this.state !== 'junk' && (this.state !== 'header' || this.header.length > 0);
  }

  /**
   * Cuts a chunk so that no piece reaches beyond the end of a frame, and a checksum is a piece of its own (a wrong one
   * then costs no text). Skippable frames pass: the decoder skips them.
   */
  *split(chunk: Buffer): Generator<Buffer> {
    let from = 0;
    let at = 0;
    while (at < chunk.length && this.state !== 'junk') {
      const used = this.advance(chunk, at);
      at += used;
      if (this.state === 'checksum' || (this.state === 'header' && this.header.length === 0)) {
        yield chunk.subarray(from, at);
        from = at;
      }
    }
    if (this.state === 'junk') this.junk = true;
    else if (from < chunk.length) yield chunk.subarray(from);
  }

  private advance(chunk: Buffer, at: number): number {
    const rest = chunk.length - at;
    if (this.state === 'header') return this.readHeader(chunk, at);
    if (this.state === 'block') return this.readBlock(chunk, at);
    const used = Math.min(rest, this.left);
    this.left -= used;
    if (this.left === 0) this.next();
    return used;
  }

  private next(): void {
    if (this.state === 'body' && !this.lastBlock) this.state = 'block';
    else if (this.state === 'body' && this.hasChecksum) {
      this.state = 'checksum';
      this.left = 4;
    } else this.state = 'header';
  }

  private readHeader(chunk: Buffer, at: number): number {
    const before = this.header.length;
    const bytes = Buffer.concat([this.header, chunk.subarray(at, at + HEADER_MAX)]);
    const size = frameHeaderSize(bytes);
    if (size === -1) {
      this.state = 'junk';
      return chunk.length - at;
    }
    if (size === 0 || bytes.length < size) {
      this.header = bytes;
      return bytes.length - before;
    }
    this.header = Buffer.alloc(0);
    if (isSkippable(bytes.readUInt32LE(0))) {
      this.left = bytes.readUInt32LE(4);
      this.state = this.left === 0 ? 'header' : 'skip';
    } else {
      this.hasChecksum = ((bytes[4] ?? 0) & 4) !== 0;
      this.windowBytes = Math.max(this.windowBytes, windowOf(bytes));
      this.state = 'block';
    }
    return size - before;
  }

  private readBlock(chunk: Buffer, at: number): number {
    const before = this.header.length;
    const bytes = Buffer.concat([this.header, chunk.subarray(at, at + 3 - before)]);
    if (bytes.length < 3) {
      this.header = bytes;
      return bytes.length - before;
    }
    this.header = Buffer.alloc(0);
    const word = bytes.readUIntLE(0, 3);
    this.lastBlock = (word & 1) === 1;
    // Block type 1 (RLE) stores one byte whatever the size says.
    this.left = ((word >> 1) & 3) === 1 ? 1 : word >> 3;
    this.state = 'body';
    if (this.left === 0) this.next();
    return 3 - before;
  }
}

function isSkippable(magic: number): boolean {
  return (magic & 0xfffffff0) >>> 0 === SKIPPABLE;
}

/** Length of the frame header, 0 when more bytes are needed to know, -1 when this is no frame. */
function frameHeaderSize(bytes: Buffer): number {
  if (bytes.length < 5) return 0;
  const magic = bytes.readUInt32LE(0);
  if (isSkippable(magic)) return 8;
  if (magic !== MAGIC) return -1;
  const descriptor = bytes[4] ?? 0;
  const single = (descriptor >> 5) & 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const content = [single, 2, 4, 8][descriptor >> 6] ?? 0;
  return 5 + (single === 1 ? 0 : 1) + dictionary + content;
}

/** Window_Size of a whole frame header (RFC 8878, 3.1.1.1.2); of a single segment it is the content. */
function windowOf(header: Buffer): number {
  const descriptor = header[4] ?? 0;
  const window = header[5] ?? 0;
  if (((descriptor >> 5) & 1) === 0) {
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  if (descriptor >> 6 === 0) return header[at] ?? 0;
  if (descriptor >> 6 === 1) return header.readUInt16LE(at) + 256;
  return descriptor >> 6 === 2 ? header.readUInt32LE(at) : Number(header.readBigUInt64LE(at));
}
