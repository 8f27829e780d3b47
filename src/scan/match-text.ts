import type { Segment } from '../model/segment.ts';
import type { CompiledSet } from './compile.ts';
import { StreamMatcher } from './match.ts';
import type { Match } from './placed-match.ts';

/** All matches of a text that is one whole stream. */
export function matchText(set: CompiledSet, bytes: Buffer, locate: Segment['locator']['locate'] = noLocation): Match[] {
  const matches: Match[] = [];
  const matcher = new StreamMatcher(set, { match: (match) => void matches.push(match), trial: () => {} });
  matcher.scan({ bytes, base: 0, from: 0, to: bytes.length, last: true, locator: { locate } });
  return matches;
}

function noLocation(): Record<string, never> {
  return {};
}
