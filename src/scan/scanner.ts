import type { Detector } from '../../detectors/detector.ts';
import { decodeObject } from '../decode/decode-object.ts';
import type { SegmentConsumer } from '../decode/decoder.ts';
import { type ByteSource, countingSource } from '../model/byte-source.ts';
import type { ObjectScan } from '../model/finding.ts';
import type { Limits } from '../model/limits.ts';
import { type CompiledSet, compileSet } from './compile.ts';
import { EvidenceCollector } from './evidence.ts';
import { type MatchSink, StreamMatcher } from './match.ts';
import { matchText } from './match-text.ts';
import { Fingerprinter, maskSpans, randomRuns } from './redact.ts';

export interface ScanObjectRequest {
  source: ByteSource;
  /** The object's key: breaks ties of format recognition, and is itself masked for reports. */
  key: string;
  limits: Limits;
  /** Places kept for one finding. */
  maxLocations: number;
  signal?: AbortSignal;
  /** Stored bytes [start, end) of a splittable object; absent: all of it. */
  range?: { start: number; end: number };
}

/** The scanner of one thread: the catalogue compiled once, used for one object after the other. */
export class Scanner {
  protected readonly set: CompiledSet;
  private readonly fingerprinter: Fingerprinter;
  private readonly names = new Map<string, string>();

  constructor(detectors: readonly Detector[], fingerprintKey: Buffer) {
    this.set = compileSet(detectors);
    this.fingerprinter = new Fingerprinter(fingerprintKey);
  }

  /**
   * Reads, decodes and scans one object. Content never makes it throw; `AssayError`s of the byte source
   * (network, access-denied, object-changed) and cancellation pass through. Does not close the source.
   */
  async scanObject(request: ScanObjectRequest): Promise<ObjectScan> {
    const { key, limits, signal, range } = request;
    const { source, bytesRead } = countingSource(request.source);
    const collector = new EvidenceCollector(this.fingerprinter, this.maskName, request.maxLocations);
    const decoded = await decodeObject({
      source,
      name: key,
      limits,
      consume: this.consumerFor(collector),
      ...(signal === undefined ? {} : { signal }),
      ...(range === undefined ? {} : { range }),
    });
    return {
      // Findings beyond the bound are counted, not kept: such an object was not reported whole.
      outcome: decoded.outcome === 'complete' && collector.isOverfull ? 'partial:memory-limit' : decoded.outcome,
      format: decoded.format,
      bytesRead: bytesRead(),
      bytesScanned: decoded.bytesScanned,
      records: decoded.records,
      ...collector.finish(),
      suppressed: collector.suppressed,
      shownKey: this.maskName(key),
      notes: { ...decoded.notes, ...collector.notes },
    };
  }

  /** What takes the text of one object and gives its matches to `sink`. */
  protected consumerFor(sink: MatchSink): SegmentConsumer {
    return new StreamMatcher(this.set, sink).scan;
  }

  /** A name (column, pointer, member, object key) with everything masked that any detector recognises in it. */
  readonly maskName = (text: string): string => {
    let shown = this.names.get(text);
    if (shown === undefined) {
      shown = this.maskText(text);
      if (this.names.size >= MAX_NAMES) this.names.clear();
      this.names.set(text, shown);
    }
    return shown;
  };

  /** Stricter than a finding: in a name even an unlikely match is hidden, since nothing is lost by it. */
  private maskText(text: string): string {
    const spans = randomRuns(text);
    for (const { from, part } of nameParts(text)) {
      const bytes = Buffer.from(part);
      for (const match of matchText(this.set, bytes)) {
        const start = from + bytes.toString('utf8', 0, match.start).length;
        spans.push({ start, end: start + match.value.length });
      }
    }
    return spans.length === 0 ? text : maskSpans(text, spans);
  }
}

const MAX_NAMES = 8192;

/** The text, and each part of a path without its endings: `a@b.example.txt` is an address only without the last. */
function* nameParts(text: string): Generator<{ from: number; part: string }> {
  yield { from: 0, part: text };
  let from = 0;
  for (const component of text.split('/')) {
    let end = component.length;
    for (let endings = 0; endings < 3 && end > 0; endings++) {
      if (end < text.length) yield { from, part: component.slice(0, end) };
      end = component.lastIndexOf('.', end - 1);
    }
    from += component.length + 1;
  }
}

export function createScanner(detectors: readonly Detector[], fingerprintKey: Buffer): Scanner {
  return new Scanner(detectors, fingerprintKey);
}
