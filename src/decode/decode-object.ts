import type { ByteSource } from '../model/byte-source.ts';
import { Budget } from './budget.ts';
import { ChunkStream } from './chunks.ts';
import { decompress } from './codec.ts';
import { csv } from './csv.ts';
import { type DecodeRequest, type DecodeResult, DecodeStop } from './decoder.ts';
import { jsonText } from './json-text.ts';
import { ownedLines } from './owned-lines.ts';
import { decodeParquet } from './parquet.ts';
import { plainText } from './plain-text.ts';
import { HEAD_BYTES, type Sniffed, sniff, splittable } from './sniff.ts';
import type { TextFormat, TextTarget } from './text-format.ts';
import { TextWindow } from './text-window.ts';
import { Transcoder } from './transcode.ts';

type TextKind = Extract<Sniffed, { kind: 'text' }>;

/**
 * Decodes one object, or the part of it that `range` selects, and hands its text to `consume`. Content never makes it
 * throw: it ends in an outcome with a reason. Throws `AssayError` of the source, and cancelled. Neither verifies nor
 * closes the source.
 */
export async function decodeObject(request: DecodeRequest): Promise<DecodeResult> {
  const { source, limits, signal, range } = request;
  const job: Job = {
    request,
    window: new TextWindow(request.consume, request.window),
    budget: new Budget(limits, source.byteLength, signal),
    result: { outcome: 'complete', format: '', records: 0, bytesScanned: 0, notes: {} },
  };
  try {
    job.budget.check();
    await (range === undefined ? decodeWhole(job) : decodeRange(job, range));
  } catch (error) {
    if (!(error instanceof DecodeStop)) throw error;
    job.result.outcome = `partial:${error.reason}`;
  } finally {
    job.result.bytesScanned = job.window.bytesScanned;
    job.window.release();
  }
  return job.result;
}

/** What an object is, as `DecodeResult.format` says when it needs no codec: for planning `range`s. */
export async function sniffObject(source: ByteSource, name: string): Promise<string> {
  const sniffed = await sniffHead(source, name);
  if (sniffed.kind === 'text')
    return sniffed.encoding.startsWith('utf-16') ? `${sniffed.format}-utf16` : sniffed.format;
  if (sniffed.kind === 'codec') return sniffed.codec;
  return sniffed.kind === 'skip' ? sniffed.format : sniffed.kind;
}

interface Job {
  request: DecodeRequest;
  window: TextWindow;
  budget: Budget;
  result: DecodeResult;
}

async function sniffHead(source: ByteSource, name: string): Promise<Sniffed> {
  if (source.byteLength === 0) return { kind: 'empty' };
  const head = await source.read(0, Math.min(HEAD_BYTES, source.byteLength));
  return sniff(head, head.length === source.byteLength, name);
}

async function decodeWhole(job: Job): Promise<void> {
  const { request, budget, result } = job;
  if (request.source.byteLength === 0) {
    result.format = 'empty';
    return;
  }
  const codecs: string[] = [];
  let stream = new ChunkStream(request.source.stream());
  try {
    for (;;) {
      const head = await stream.peek(HEAD_BYTES);
      const sniffed = sniff(head, head.length < HEAD_BYTES, request.name);
      if (sniffed.kind !== 'codec') {
        result.format = [formatOf(sniffed), ...codecs].join('+');
        await decodeSniffed(job, sniffed, stream, codecs.length > 0);
        return;
      }
      codecs.unshift(sniffed.codec);
      result.format = codecs.join('+');
      if (codecs.length > request.limits.maxDepth) throw new DecodeStop('depth-limit');
      stream = new ChunkStream(decompress(sniffed.codec, stream, budget));
    }
  } finally {
    await stream.close();
  }
}

function formatOf(sniffed: Exclude<Sniffed, { kind: 'codec' }>): string {
  return sniffed.kind === 'skip' || sniffed.kind === 'text' ? sniffed.format : sniffed.kind;
}

async function decodeSniffed(job: Job, sniffed: Sniffed, stream: ChunkStream, compressed: boolean): Promise<void> {
  const { request, window, budget, result } = job;
  if (sniffed.kind === 'text') {
    await decodeText(job, sniffed, 0, stream, compressed);
  } else if (sniffed.kind === 'skip') {
    result.outcome = sniffed.outcome;
  } else if (sniffed.kind === 'parquet') {
    await stream.close();
    // A compressed Parquet file has no footer that could be read first.
    if (compressed) result.outcome = 'skipped:unsupported';
    else await decodeParquet({ source: request.source, window, budget, result });
  } else {
    // Nothing came out of the codec: the stream says whether that is all there is.
    for await (const chunk of stream) budget.spend(chunk.length);
  }
}

async function decodeText(
  job: Job,
  sniffed: TextKind,
  start: number,
  chunks: AsyncIterable<Buffer>,
  compressed: boolean,
): Promise<void> {
  const { window, budget, result } = job;
  const transcoder = sniffed.encoding === 'utf-8' ? null : new Transcoder(sniffed.encoding, start);
  const format = openFormat(sniffed, { window, start: transcoder === null ? start : 0, transcoder });
  try {
    for await (const chunk of transcoder === null ? chunks : transcoder.run(chunks)) {
      if (compressed) budget.check();
      else budget.spend(chunk.length);
      format.feed(chunk);
    }
    result.records = format.end();
  } catch (error) {
    // What came before the end is scanned; an error of the source means that the object is read again.
    if (error instanceof DecodeStop) result.records = format.end();
    throw error;
  }
}

function openFormat(sniffed: TextKind, target: TextTarget): TextFormat {
  if ('dialect' in sniffed) return csv(target, sniffed.dialect);
  return sniffed.format === 'text' ? plainText(target) : jsonText(target, sniffed.format === 'jsonl');
}

async function decodeRange(job: Job, range: { start: number; end: number }): Promise<void> {
  const { request, window, budget, result } = job;
  const { source, name } = request;
  const sniffed = await sniffHead(source, name);
  if (sniffed.kind === 'parquet') {
    result.format = 'parquet';
    await decodeParquet({ source, window, budget, result, range });
    return;
  }
  const isLines = sniffed.kind === 'text' && splittable(sniffed.format) && !sniffed.encoding.startsWith('utf-16');
  if (isLines) {
    result.format = sniffed.format;
    const { start, chunks } = await ownedLines(source, range);
    await decodeText(job, sniffed, start, chunks, false);
    return;
  }
  // What cannot be split belongs to the first range.
  if (range.start === 0) await decodeWhole(job);
  else result.format = sniffed.kind === 'codec' ? sniffed.codec : formatOf(sniffed);
}
