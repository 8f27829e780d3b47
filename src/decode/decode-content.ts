import { type ByteSource, memorySource } from '../model/byte-source.ts';
import { ChunkStream } from './chunks.ts';
import { decompress } from './codec.ts';
import type { Content } from './content.ts';
import { decodeBytes, decodeText } from './decode-text.ts';
import { type DecodeResult, DecodeStop } from './decoder.ts';
import { ForwardReader } from './forward-reader.ts';
import { type Job, Members } from './members.ts';
import { decodeParquet } from './parquet.ts';
import { HEAD_BYTES, nameInside, type Sniffed, sniff } from './sniff.ts';
import { Spool } from './spool.ts';
import { TarWalk } from './tar.ts';
import { walkZip } from './zip.ts';
import { ZipForward } from './zip-forward.ts';

type Inner = Exclude<Sniffed, { kind: 'codec' }>;

/** One layer of what is decoded: its bytes, and how deep it lies in the object. */
interface Layer {
  /** From the first byte, with a head that was looked at. */
  stream: ChunkStream;
  /** Random access to the same bytes, or null. */
  source: ByteSource | null;
  isPaid: boolean;
  /** Codecs and containers around it. */
  depth: number;
}

/**
 * Decodes an object or a member by what its first bytes say: undoes codecs, walks containers, scans text. `result` is
 * filled as it goes, so that it holds what was done when this throws. Throws `DecodeStop`, and errors of the source.
 */
export async function decodeContent(job: Job, content: Content, result: DecodeResult, depth: number): Promise<void> {
  let { name, isPaid } = content;
  let source = content.bytes === null ? content.source : memorySource(content.bytes);
  if (content.bytes !== null && decodeBytes(job, content.bytes, name, isPaid, result)) return;
  const codecs: string[] = [];
  const from = source;
  let stream = new ChunkStream(content.stream(), (chunk) => from?.recycle?.(chunk));
  try {
    for (;;) {
      const head = await stream.peek(HEAD_BYTES);
      const sniffed = sniff(head, head.length < HEAD_BYTES, name);
      if (sniffed.kind !== 'codec') {
        result.format = [formatOf(sniffed), ...codecs].join('+');
        await decodeLayer(job, sniffed, { stream, source, isPaid, depth: depth + codecs.length }, result);
        return;
      }
      codecs.unshift(sniffed.codec);
      result.format = codecs.join('+');
      if (depth + codecs.length > job.budget.limits.maxDepth) throw new DecodeStop('depth-limit');
      stream = new ChunkStream(decompress(sniffed.codec, stream, job.budget));
      source = null;
      isPaid = true;
      name = nameInside(name);
    }
  } finally {
    await stream.close();
  }
}

export function formatOf(sniffed: Inner): string {
  return sniffed.kind === 'skip' || sniffed.kind === 'text' ? sniffed.format : sniffed.kind;
}

async function decodeLayer(job: Job, sniffed: Inner, layer: Layer, result: DecodeResult): Promise<void> {
  const { stream, isPaid } = layer;
  if (sniffed.kind === 'text') await decodeText(job, sniffed, { start: 0, chunks: stream, isPaid }, result);
  else if (sniffed.kind === 'skip') result.outcome = sniffed.outcome;
  else if (sniffed.kind === 'parquet') await parquet(job, layer, result);
  else if (sniffed.kind === 'empty') {
    // Nothing came out of the codec: the stream says whether that is all there is.
    for await (const chunk of stream) job.budget.spend(chunk.length);
  } else await decodeContainer(job, sniffed.kind, layer, result);
}

async function parquet(job: Job, { stream, source }: Layer, result: DecodeResult): Promise<void> {
  const { window, budget } = job;
  if (source !== null) {
    await stream.close();
    await decodeParquet({ source, window, budget, result });
    return;
  }
  // The footer stands at the end, so all of it must be here first.
  const spool = await Spool.of(stream, budget, budget.room);
  try {
    if (spool.problem !== null) throw spool.problem;
    if (!spool.isWhole) throw new DecodeStop('memory-limit');
    await decodeParquet({ source: spool, window, budget, result });
  } finally {
    await spool.free();
  }
}

async function decodeContainer(job: Job, kind: 'tar' | 'zip', layer: Layer, result: DecodeResult): Promise<void> {
  const depth = layer.depth + 1;
  if (depth > job.budget.limits.maxDepth) throw new DecodeStop('depth-limit');
  const members = new Members(job, (content, inner) => decodeContent(job, content, inner, depth));
  try {
    await (kind === 'tar' ? tar(layer, members) : zip(layer, members));
  } finally {
    result.records = members.records;
  }
  const [first] = members.reasons;
  if (first !== undefined) result.outcome = `partial:${first}`;
}

async function tar({ stream, source, isPaid }: Layer, members: Members): Promise<void> {
  const reader = new ForwardReader(stream, source);
  try {
    await new TarWalk(reader, source, members, isPaid).walk();
  } finally {
    await reader.close();
  }
}

/** With random access by the directory at the end; what is too large to be held is walked forward instead. */
async function zip({ stream, source, isPaid }: Layer, members: Members): Promise<void> {
  if (source !== null) {
    await stream.close();
    await walkZip(source, members, isPaid);
    return;
  }
  const { budget } = members;
  // The members need room as well.
  const spool = await Spool.of(stream, budget, budget.room / 2);
  try {
    if (spool.isWhole) await walkZip(spool, members, isPaid);
    else await new ZipForward(new ForwardReader(spool.drain()), members, isPaid).walk();
  } finally {
    await spool.free();
  }
}
