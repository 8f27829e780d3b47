import type { ChunkStream } from './chunks.ts';
import { csv } from './csv.ts';
import { type DecodeResult, DecodeStop } from './decoder.ts';
import { jsonText } from './json-text.ts';
import type { Job } from './members.ts';
import { plainText } from './plain-text.ts';
import { HEAD_BYTES, type Sniffed, sniff } from './sniff.ts';
import type { TextFormat, TextTarget } from './text-format.ts';
import { Transcoder } from './transcode.ts';

type TextKind = Extract<Sniffed, { kind: 'text' }>;

export interface TextStream {
  /** Offset of its first byte. */
  start: number;
  chunks: ChunkStream;
  /** A codec took it off the budget. */
  isPaid: boolean;
}

/** Scans a stream of text. */
export async function decodeText(
  job: Job,
  sniffed: TextKind,
  { start, chunks, isPaid }: TextStream,
  result: DecodeResult,
): Promise<void> {
  const { window, budget } = job;
  const transcoder = sniffed.encoding === 'utf-8' ? null : new Transcoder(sniffed.encoding, start);
  const target =
    transcoder === null ? { window, start, transcoder, recycle: chunks.recycle } : { window, start: 0, transcoder };
  const format = openFormat(sniffed, target);
  try {
    for await (const chunk of transcoder === null ? chunks : transcoder.run(chunks)) {
      if (isPaid) budget.check();
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

/** The short way of a small member that is text: false when it is not, and nothing was done. */
export function decodeBytes(job: Job, bytes: Buffer, name: string, isPaid: boolean, result: DecodeResult): boolean {
  const sniffed = sniff(bytes.subarray(0, HEAD_BYTES), bytes.length < HEAD_BYTES, name);
  if (sniffed.kind !== 'text' || sniffed.encoding !== 'utf-8') return false;
  if (!isPaid) job.budget.spend(bytes.length);
  result.format = sniffed.format;
  const format = openFormat(sniffed, { window: job.window, start: 0, transcoder: null });
  format.feed(bytes);
  result.records = format.end();
  return true;
}

function openFormat(sniffed: TextKind, target: TextTarget): TextFormat {
  if ('dialect' in sniffed) return csv(target, sniffed.dialect);
  return sniffed.format === 'text' ? plainText(target) : jsonText(target, sniffed.format === 'jsonl');
}
