import { decodeObject } from '../../src/decode/decode-object.ts';
import type { DecodeRequest, DecodeResult } from '../../src/decode/decoder.ts';
import type { ByteSource } from '../../src/model/byte-source.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type { Location, Segment } from '../../src/model/segment.ts';

/**
 * An object in memory. Hands out copies, so that a decoder that writes into what it got is not hidden, and overwrites what it
 * gets back, so that one that still looks at it is not either.
 */
export function memorySource(bytes: Buffer, chunkBytes = 64 * 1024): ByteSource & { closedStreams: number } {
  const copy = (start: number, end: number): Buffer => {
    const copied = Buffer.allocUnsafeSlow(end - start);
    bytes.copy(copied, 0, start, end);
    return copied;
  };
  // As a file would: asking for what is not there is a mistake of the decoder.
  const check = (start: number, end: number): void => {
    if (!(start >= 0 && start <= end && end <= bytes.length)) throw new RangeError(`${start} to ${end}`);
  };
  const source = {
    byteLength: bytes.length,
    closedStreams: 0,
    async *stream(start = 0, end = bytes.length): AsyncGenerator<Buffer> {
      check(start, end);
      try {
        for (let at = start; at < end; at += chunkBytes) yield copy(at, Math.min(end, at + chunkBytes));
      } finally {
        source.closedStreams++;
      }
    },
    read: async (start: number, end: number) => {
      check(start, end);
      return copy(start, end);
    },
    recycle: ({ buffer }: Buffer) => void Buffer.from(buffer).fill('MARK"\\n\n'),
    verify: async () => undefined,
    close: async () => undefined,
  };
  return source;
}

export interface Hit {
  marker: string;
  position: number;
  location: Location;
  weight: number;
}

export interface Decoded {
  result: DecodeResult;
  hits: Hit[];
  /** All text, streams one after the other. */
  text: string;
  largestSegment: number;
}

export interface DecodeOptions extends Partial<Omit<DecodeRequest, 'source' | 'consume'>> {
  markers?: string[];
  chunkBytes?: number;
}

/** Decodes with a consumer that looks for marker strings the way the scanner looks for triggers. */
export async function decode(bytes: Buffer, options: DecodeOptions = {}): Promise<Decoded> {
  const { markers = [], chunkBytes, ...request } = options;
  const hits: Hit[] = [];
  const text: Buffer[] = [];
  let largestSegment = 0;
  const consume = (segment: Segment): void => {
    largestSegment = Math.max(largestSegment, segment.bytes.length);
    text.push(Buffer.from(segment.bytes.subarray(segment.from, segment.to)));
    hits.push(...markers.flatMap((marker) => markersIn(segment, marker)));
  };
  const result = await decodeObject({
    source: memorySource(bytes, chunkBytes),
    name: '',
    limits: DEFAULT_LIMITS,
    consume,
    ...request,
  });
  return { result, hits, text: Buffer.concat(text).toString('utf8'), largestSegment };
}

function markersIn({ bytes, base, from, to, locator }: Segment, marker: string): Hit[] {
  const hits: Hit[] = [];
  const length = Buffer.byteLength(marker);
  for (let at = bytes.indexOf(marker, from); at >= 0 && at < to; at = bytes.indexOf(marker, at + 1)) {
    const position = base + at;
    hits.push({
      marker,
      position,
      location: locator.locate(position, length),
      weight: locator.weight?.(position) ?? 1,
    });
  }
  return hits;
}

/** The members in which the markers were. */
export function members({ hits }: Decoded): (string | undefined)[] {
  return hits.map(({ location }) => location.member);
}

/** Decodes in chunks that cut everything. */
export function readInPieces(bytes: Buffer, options: DecodeOptions = {}): Promise<Decoded> {
  return decode(bytes, { markers: ['MARK'], chunkBytes: 700, ...options });
}
