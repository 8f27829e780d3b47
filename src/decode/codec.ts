import { once } from 'node:events';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import type { Budget } from './budget.ts';
import { DecodeStop } from './decoder.ts';
import { ZstdFrames } from './zstd-frames.ts';

export type Codec = 'gzip' | 'zstd';

/** Twice as fast as the default of 16 KiB. */
const OUTPUT_CHUNK = 1024 * 1024;
/** When a write fails all output of that write is lost, so writes are small. */
const INPUT_SLICE = 64 * 1024;
/** Checksums stand at the end; written by themselves, a wrong one costs no text. */
const TRAILER_BYTES = 8;

/**
 * The decompressed stream. Several members or frames are one stream. Throws `DecodeStop` truncated or corrupt after all
 * that could be decoded; errors of `chunks` pass as they are. Chunks are fresh: the caller may keep them.
 */
export async function* decompress(codec: Codec, chunks: AsyncIterable<Buffer>, budget: Budget): AsyncGenerator<Buffer> {
  const options = { chunkSize: OUTPUT_CHUNK };
  const stream = codec === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
  const input: Input = { failure: null, reason: null, meaningfulBytes: 0 };
  const pump = feed(stream, codec, chunks, input);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      budget.spend(chunk.length);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof DecodeStop || !isCodecError(error)) throw error;
    if (input.failure === null) throw new DecodeStop(isEarlyEnd(error) ? 'truncated' : 'corrupt');
  } finally {
    stream.destroy();
    await pump;
  }
  if (input.failure !== null) throw input.failure.error;
  // Gunzip stops at zero padding and says nothing of members after it.
  if (codec === 'gzip' && input.meaningfulBytes > stream.bytesWritten) input.reason = 'corrupt';
  if (input.reason !== null) throw new DecodeStop(input.reason);
}

interface Input {
  failure: { error: unknown } | null;
  reason: 'truncated' | 'corrupt' | null;
  /** Length of the input without the zero bytes at its end. */
  meaningfulBytes: number;
}

async function feed(
  stream: Gunzip | ZstdDecompress,
  codec: Codec,
  chunks: AsyncIterable<Buffer>,
  input: Input,
): Promise<void> {
  const frames = codec === 'zstd' ? new ZstdFrames() : null;
  let held: Buffer = Buffer.alloc(0);
  let total = 0;
  const closed = once(stream, 'close').catch(() => undefined);
  const write = async (bytes: Buffer): Promise<void> => {
    for (let at = 0; at < bytes.length && !stream.destroyed; at += INPUT_SLICE) {
      if (!stream.write(bytes.subarray(at, at + INPUT_SLICE))) {
        await Promise.race([new Promise((resolve) => stream.once('drain', resolve)), closed]);
      }
    }
  };
  try {
    for await (const chunk of chunks) {
      if (stream.destroyed) return;
      let end = chunk.length;
      while (end > 0 && chunk[end - 1] === 0) end--;
      if (end > 0) input.meaningfulBytes = total + end;
      total += chunk.length;
      const all = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      held = all.subarray(Math.max(0, all.length - TRAILER_BYTES));
      const ready = all.subarray(0, all.length - held.length);
      if (frames === null) await write(ready);
      else for (const piece of frames.split(ready)) await write(piece);
    }
    if (frames === null) await write(held);
    else {
      for (const piece of frames.split(held)) await write(piece);
      if (frames.junk) input.reason = 'corrupt';
      else if (frames.open) input.reason = 'truncated';
    }
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
  return code.startsWith('Z_') || code.startsWith('ZSTD_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function isEarlyEnd(error: unknown): boolean {
  return codeOf(error) === 'Z_BUF_ERROR';
}
