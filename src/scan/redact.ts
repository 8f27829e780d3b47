import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Match } from './placed-match.ts';

/** At most 4 characters and at most a quarter of the value, from its start; line breaks are not shown. */
export function mask(value: string): string {
  const characters = [...value];
  const shown = Math.min(4, Math.floor(characters.length / 4));
  return `${characters.slice(0, shown).join('').replace(/\p{C}/gu, ' ')}…`;
}

/**
 * Turns raw values into keyed fingerprints. The key is shared by a fleet and never stored beside the results, so that a
 * fingerprint of a national id cannot be searched (a bare hash could).
 */
export class Fingerprinter {
  /** Made once: from a buffer `createHmac` would make it anew each time, for six times what the rest takes. */
  private readonly key: KeyObject;

  constructor(key: Buffer) {
    if (key.length !== 32) throw new RangeError(`fingerprint key must be 32 bytes, not ${key.length}`);
    this.key = createSecretKey(key);
  }

  /** `v1:` + base64url of HMAC-SHA-256 over the parts, NUL between them. */
  fingerprint(...parts: string[]): string {
    return `v1:${createHmac('sha256', this.key).update(parts.join('\0')).digest('base64url')}`;
  }

  /** A key of its own for distinct counts. */
  sketchKey(): Buffer {
    return createHmac('sha256', this.key).update('assay distinct sketch v1').digest();
  }
}

/** Names the value of a match for fingerprints: its issuer or entity and its canonical form. */
export function identity(match: Match): [owner: string, value: string] {
  const { detector } = match.detector;
  return [
    match.verdict.issuer ?? detector.issuer ?? detector.entity ?? detector.id,
    match.verdict.normalized ?? match.value,
  ];
}

/** Replaces [start, end) spans (UTF-16 offsets, ascending or not, overlapping or not) by masks. */
export function maskSpans(text: string, spans: { start: number; end: number }[]): string {
  let out = '';
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    out += text.slice(at, from) + (start < at ? '' : mask(text.slice(start, end)));
    at = end;
  }
  return out + text.slice(at);
}

/**
 * Runs that no detector names but that look like key material: long, unbroken, letters and digits mixed. Dashes and
 * underscores join a run only when it has every kind of letter, since people put them between words.
 */
export function randomRuns(text: string): { start: number; end: number }[] {
  return [...runs(text, isTokenChar, looksRandom), ...runs(text, isJoinedChar, looksJoined)];
}

function runs(
  text: string,
  belongs: (code: number) => boolean,
  isRandom: (text: string, start: number, end: number) => boolean,
): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && belongs(text.charCodeAt(i))) continue;
    if (i - start >= 12 && isRandom(text, start, i)) spans.push({ start, end: i });
    start = i + 1;
  }
  return spans;
}

/** Letters change case, or letters and digits alternate, more often than in names people choose. */
function looksRandom(text: string, start: number, end: number): boolean {
  const { switches, kinds } = count(text, start, end);
  const length = end - start;
  const digits = kinds[0] as number;
  return digits === length || switches >= length / 4 || (length >= 20 && digits >= 3 && switches >= 4);
}

function looksJoined(text: string, start: number, end: number): boolean {
  const { switches, kinds } = count(text, start, end);
  return kinds.slice(0, 3).every((size) => size > 0) && switches >= (end - start) / 4;
}

/** How often the kind of character changes (dashes and the like skipped), and how many of each kind there are. */
function count(text: string, start: number, end: number): { switches: number; kinds: number[] } {
  const kinds = [0, 0, 0, 0];
  let switches = 0;
  let last = -1;
  for (let i = start; i < end; i++) {
    const kind = kindOf(text.charCodeAt(i));
    kinds[kind] = (kinds[kind] as number) + 1;
    if (kind === 3) continue;
    if (last !== -1 && kind !== last) switches++;
    last = kind;
  }
  return { switches, kinds };
}

/** 0 digit, 1 upper case, 2 lower case, 3 anything else. */
function kindOf(code: number): number {
  if (code >= 48 && code <= 57) return 0;
  if (code >= 65 && code <= 90) return 1;
  return code >= 97 && code <= 122 ? 2 : 3;
}

function isTokenChar(code: number): boolean {
  return kindOf(code) < 3 || code === 43 || code === 61;
}

function isJoinedChar(code: number): boolean {
  return isTokenChar(code) || code === 45 || code === 95;
}
