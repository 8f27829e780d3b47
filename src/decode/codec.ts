import { once } from 'node:events';
import {
  type BrotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflateRaw,
  createZstdDecompress,
  type Gunzip,
  type InflateRaw,
  type ZstdDecompress,
} from 'node:zlib';
import type { Budget } from './budget.ts';
import { DecodeStop } from './decoder.ts';
import { ZstdFrames } from './zstd-frames.ts';

export type Codec = 'gzip' | 'zstd' | 'brotli';

/** Twice as fast as the default of 16 KiB. */
const OUTPUT_CHUNK = 1024 * 1024;
/** When a write fails all output of that write is lost, so writes are small. */
const INPUT_SLICE = 64 * 1024;
/** Checksums stand at the end; written by themselves, a wrong one costs no text. */
const TRAILER_BYTES = 8;
/** What a decompressor looks back at (RFC 1951; RFC 7932 without large windows). */
const WINDOW_BYTES = { gzip: 32 * 1024, deflate: 32 * 1024, brotli: 16 * 1024 ** 2 };

/** Raw deflate that is followed by something else: tells where it ends. */
export interface DeflateEnd {
  /** Bytes of the input that belong to it, known when the output has ended. */
  bytes: number;
}

/**
 * The decompressed stream. Several members or frames are one stream. Throws `DecodeStop` truncated or corrupt after all
 * that could be decoded; errors of `chunks` pass as they are. Chunks are fresh: the caller may keep them. No chunk of the
 * input is held when the next one is asked for. Input behind raw deflate is corrupt, unless `end` wants to know.
 */
export async function* decompress(
  codec: Codec | 'deflate',
  chunks: AsyncIterable<Buffer>,
  budget: Budget,
  end?: DeflateEnd,
): AsyncGenerator<Buffer> {
  const stream = open(codec);
  const input: Input = {
    failure: null,
    reason: null,
    meaningfulBytes: 0,
    stopsAtEnd: end !== undefined,
    isAbandoned: false,
  };
  const frames = codec === 'zstd' ? new ZstdFrames() : null;
  const pump = feed(stream, codec, frames, chunks, input);
  let held = 0;
  let isAtEnd = false;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      budget.spend(chunk.length);
      const window = codec === 'zstd' ? (frames?.windowBytes ?? 0) : WINDOW_BYTES[codec];
      const more = Math.max(0, Math.min(chunk.length, window - held));
      budget.hold(more);
      held += more;
      yield chunk;
    }
    isAtEnd = true;
  } catch (error) {
    if (error instanceof DecodeStop || !isCodecError(error)) throw error;
    if (input.failure === null) throw new DecodeStop(reasonOf(error));
  } finally {
    budget.free(held);
    input.isAbandoned = !isAtEnd;
    stream.destroy();
    await pump;
  }
  if (input.failure !== null) throw input.failure.error;
  if (end !== undefined) end.bytes = stream.bytesWritten;
  // Gunzip stops at zero padding, the others at their end, and none says anything of what follows.
  else if (codec !== 'zstd' && input.meaningfulBytes > stream.bytesWritten) input.reason = 'corrupt';
  if (input.reason !== null) throw new DecodeStop(input.reason);
}

type ZlibStream = Gunzip | InflateRaw | BrotliDecompress | ZstdDecompress;

function open(codec: Codec | 'deflate'): ZlibStream {
  const options = { chunkSize: OUTPUT_CHUNK };
  if (codec === 'gzip') return createGunzip(options);
  if (codec === 'brotli') return createBrotliDecompress(options);
  return codec === 'zstd' ? createZstdDecompress(options) : createInflateRaw(options);
}

interface Input {
  failure: { error: unknown } | null;
  reason: 'truncated' | 'corrupt' | null;
  /** Length of the input without the zero bytes at its end. */
  meaningfulBytes: number;
  /** Nothing behind the end of the compressed data is asked for. */
  stopsAtEnd: boolean;
  /** The output is not wanted any more. */
  isAbandoned: boolean;
}

async function feed(
  stream: ZlibStream,
  codec: Codec | 'deflate',
  frames: ZstdFrames | null,
  chunks: AsyncIterable<Buffer>,
  input: Input,
): Promise<void> {
  const trailerBytes = codec === 'gzip' || codec === 'zstd' ? TRAILER_BYTES : 0;
  let held: Buffer = Buffer.alloc(0);
  let total = 0;
  let written = 0;
  // Zlib and brotli leave what follows their end; where a zstd frame ends is known beforehand.
  const isOver = (): boolean => frames === null && stream.bytesWritten < written;
  const closed = once(stream, 'close').catch(() => undefined);
  const write = async (bytes: Buffer): Promise<void> => {
    for (let at = 0; at < bytes.length && !stream.destroyed && !isOver(); at += INPUT_SLICE) {
      const slice = bytes.subarray(at, at + INPUT_SLICE);
      // Until it was taken in, the slice must stay as it is.
      const taken = new Promise<void>((resolve) => {
        stream.write(slice, () => resolve());
      });
      await Promise.race([taken, closed]);
      written += slice.length;
    }
  };
  const pass = async (bytes: Buffer): Promise<void> => {
    if (frames === null) await write(bytes);
    else for (const piece of frames.split(bytes)) await write(piece);
  };
  try {
    for await (const chunk of chunks) {
      if (input.isAbandoned || (stream.destroyed && !isOver())) return;
      let end = chunk.length;
      while (end > 0 && chunk[end - 1] === 0) end--;
      if (end > 0) input.meaningfulBytes = total + end;
      total += chunk.length;
      if (isOver()) {
        // Only padding may follow the end.
        if (end > 0) break;
      } else if (chunk.length < trailerBytes) {
        const all = Buffer.concat([held, chunk]);
        held = all.subarray(Math.max(0, all.length - trailerBytes));
        await pass(all.subarray(0, all.length - held.length));
      } else {
        await pass(held);
        held = Buffer.from(chunk.subarray(chunk.length - trailerBytes));
        await pass(chunk.subarray(0, chunk.length - trailerBytes));
      }
      // What follows belongs to somebody else.
      if (input.stopsAtEnd && isOver()) break;
    }
    await pass(held);
    if (frames?.junk === true) input.reason = 'corrupt';
    else if (frames?.open === true) input.reason = 'truncated';
  } catch (error) {
    input.failure = { error };
  }
  if (!stream.destroyed) stream.end();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function isCodecError(error: unknown): boolean {
  const code = codeOf(error);
  return /^(Z_|ZSTD_|ERR_BROTLI_|ERR__ERROR_|ERR_ZSTD|BROTLI_)/.test(code) || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function reasonOf(error: unknown): 'truncated' | 'corrupt' | 'memory-limit' {
  const code = codeOf(error);
  if (code === 'Z_BUF_ERROR') return 'truncated';
  return code === 'ZSTD_error_frameParameter_windowTooLarge' ? 'memory-limit' : 'corrupt';
}
