import assert from 'node:assert/strict';
import { loadCatalog } from '../../detectors/catalog.ts';
import { createRandom } from '../../detectors/sample.ts';
import { isLuhnValid } from '../../detectors/validators/luhn.ts';
import { decodeObject } from '../../src/decode/decode-object.ts';
import { memorySource } from '../../src/model/byte-source.ts';
import type { ColumnEvidence } from '../../src/model/finding.ts';
import { DEFAULT_LIMITS } from '../../src/model/limits.ts';
import type { Segment } from '../../src/model/segment.ts';
import { compileSet } from '../../src/scan/compile.ts';
import type { Counting } from '../../src/scan/counted-values.ts';
import { EvidenceCollector } from '../../src/scan/evidence.ts';
import { type MatchSink, StreamMatcher } from '../../src/scan/match.ts';
import { Fingerprinter } from '../../src/scan/redact.ts';

const set = compileSet(await loadCatalog());
export const random = createRandom('columns');
const KEY = Buffer.alloc(32, 5);

/** The evidence of a table, how many of its values were counted without being matched, and how many were matched. */
async function scan(
  bytes: Buffer,
  name: string,
  counts: boolean,
): Promise<{
  evidence: ReturnType<EvidenceCollector['finish']>;
  suppressed: object;
  counted: number;
  matched: number;
}> {
  const collector = new EvidenceCollector(new Fingerprinter(KEY), (text) => text, 2);
  let counted = 0;
  let matched = 0;
  const counting: Counting = {
    ...collector.counting,
    count: (...given) => {
      const isCounted = collector.counting.count(...given);
      if (isCounted) counted++;
      return isCounted;
    },
  };
  const sink: MatchSink = {
    match: (match) => {
      matched++;
      collector.match(match);
    },
    trial: (...given) => collector.trial(...given),
    ...(counts ? { counting } : {}),
  };
  const matcher = new StreamMatcher(set, sink);
  const consume = (segment: Segment): void => matcher.scan(segment);
  const source = memorySource(bytes);
  const window = { window: 12_288, left: 2048, right: 2048 };
  const decoded = await decodeObject({ source, name, limits: DEFAULT_LIMITS, consume, window });
  assert.equal(decoded.outcome, 'complete');
  // In which order columns were first seen in a window is nobody's business.
  const { values, columns } = collector.finish();
  const key = ({ detector, column }: ColumnEvidence): string => JSON.stringify([detector, column]);
  columns.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return { evidence: { values, columns }, suppressed: collector.suppressed, counted, matched };
}

/** What a table gives with counting; it must be what it gives without. */
export async function bothWays(
  rows: string[],
  name: string,
): Promise<{ counted: number; matched: number; columns: ColumnEvidence[] }> {
  const bytes = Buffer.from(`${rows.join('\n')}\n`);
  const whole = await scan(bytes, name, false);
  const { evidence, suppressed, counted, matched } = await scan(bytes, name, true);
  assert.deepEqual({ evidence, suppressed }, { evidence: whole.evidence, suppressed: whole.suppressed });
  return { counted, matched, columns: evidence.columns };
}

export function mailbox(): string {
  const user = `${random.chars('lower', 2 + random.int(6))}${random.pick(['', '.', '_', '-', '+'])}${random.chars('base62', 3)}`;
  return `${user}@${random.chars('lower', 3 + random.int(6))}.${random.pick(['com', 'de', 'co.uk', 'ORG', 'museum', 'xyz'])}`;
}

export function card(digits = 16): string {
  const body = `${random.pick(['4', '51', '2221', '6011', '62'])}${random.chars('digit', digits)}`.slice(0, digits - 1);
  return [...'0123456789'].map((last) => body + last).find(isLuhnValid) as string;
}
