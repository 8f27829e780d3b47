import type { ByteSource } from '../model/byte-source.ts';
import { Budget } from './budget.ts';
import { ChunkStream } from './chunks.ts';
import { decodeContent, formatOf } from './decode-content.ts';
import { decodeText } from './decode-text.ts';
import { type DecodeRequest, type DecodeResult, DecodeStop, type SegmentConsumer } from './decoder.ts';
import { LineLimit } from './line-limit.ts';
import { emptyResult, type Job, MemberLocator } from './members.ts';
import { ownedLines } from './owned-lines.ts';
import { decodeParquet } from './parquet.ts';
import { HEAD_BYTES, type Sniffed, sniff, splittable } from './sniff.ts';
import { TextWindow } from './text-window.ts';

/**
 * Decodes one object, or the part of it that `range` selects, and hands its text to `consume`. Content never makes it
 * throw: it ends in an outcome with a reason. Throws `AssayError` of the source, and cancelled. Neither verifies nor
 * closes the source.
 */
export async function decodeObject(request: DecodeRequest): Promise<DecodeResult> {
  const { source, limits, signal, range } = request;
  const result = emptyResult({});
  const lines = limits.maxLineBytes > 0 ? new LineLimit(limits.maxLineBytes) : null;
  const consume: SegmentConsumer = (segment) => {
    if (job.member !== '') segment.locator = new MemberLocator(segment.locator, job.member);
    request.consume(segment);
    lines?.check(segment);
  };
  const job: Job = {
    window: new TextWindow(consume, request.window),
    budget: new Budget(limits, source.byteLength, signal),
    notes: result.notes,
    member: '',
  };
  try {
    job.budget.check();
    await (range === undefined ? decodeWhole(job, request, result) : decodeRange(job, request, range, result));
  } catch (error) {
    if (!(error instanceof DecodeStop)) throw error;
    result.outcome = `partial:${error.reason}`;
  } finally {
    result.bytesScanned = job.window.bytesScanned;
    job.window.release();
  }
  return result;
}

/** What an object is, as `DecodeResult.format` says when it needs no codec: for planning `range`s. */
export async function sniffObject(source: ByteSource, name: string): Promise<string> {
  const sniffed = await sniffHead(source, name);
  if (sniffed.kind === 'text')
    return sniffed.encoding.startsWith('utf-16') ? `${sniffed.format}-utf16` : sniffed.format;
  return sniffed.kind === 'codec' ? sniffed.codec : formatOf(sniffed);
}

async function sniffHead(source: ByteSource, name: string): Promise<Sniffed> {
  if (source.byteLength === 0) return { kind: 'empty' };
  const head = await source.read(0, Math.min(HEAD_BYTES, source.byteLength));
  return sniff(head, head.length === source.byteLength, name);
}

async function decodeWhole(job: Job, { source, name }: DecodeRequest, result: DecodeResult): Promise<void> {
  if (source.byteLength === 0) {
    result.format = 'empty';
    return;
  }
  const content = { name, bytes: null, stream: () => source.stream(), source, isPaid: false };
  await decodeContent(job, content, result, 0);
}

async function decodeRange(
  job: Job,
  request: DecodeRequest,
  range: { start: number; end: number },
  result: DecodeResult,
): Promise<void> {
  const { window, budget } = job;
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
    const stream = new ChunkStream(chunks, (chunk) => source.recycle?.(chunk));
    await decodeText(job, sniffed, { start, chunks: stream, isPaid: false }, result);
    return;
  }
  // What cannot be split belongs to the first range.
  if (range.start === 0) await decodeWhole(job, request, result);
  else result.format = sniffed.kind === 'codec' ? sniffed.codec : formatOf(sniffed);
}
