import type { CompiledSet } from './compile.ts';
import { NumberToken } from './number-token.ts';

const MAX_GROUPS = 4;
const MAX_GROUP_DIGITS = 15;
const MAX_BYTES = 40;
/** There are 1.4 million, and few in any text but one made for it. */
const MAX_SHAPES = 4096;
const DOT = 46;
const DASH = 45;
const SLASH = 47;

/**
 * Decimal numbers and dates: up to four groups of digits between points, dashes or slashes. Most have a shape that no template has, and
 * whether one has it is worked out once a shape.
 */
export class QuietToken {
  /** Of the last token: offsets in the buffer, and its digits. */
  start = 0;
  end = 0;
  digits = 0;
  private readonly templates: CompiledSet['templates'];
  private readonly token = new NumberToken();
  /** By shape: whether a template may fit. */
  private readonly shapes = new Map<number, boolean>();

  constructor({ templates }: CompiledSet) {
    this.templates = templates;
  }

  /** Whether such a token stands around the digit or separator at `at` and no template may fit it. */
  find(bytes: Buffer, at: number): boolean {
    let start = at;
    const floor = Math.max(0, at - MAX_BYTES);
    while (start > floor && isDigitOrMark(bytes[start - 1] as number)) start--;
    // A sign is no part of it.
    if (bytes[start] === DASH) start++;
    let shape = 1;
    let groups = 0;
    let digits = 0;
    let i = start;
    for (;;) {
      const from = i;
      while (i < bytes.length && i - from <= MAX_GROUP_DIGITS && isDigit(bytes[i] as number)) i++;
      const size = i - from;
      if (size === 0 || size > MAX_GROUP_DIGITS || ++groups > MAX_GROUPS) return false;
      digits += size;
      shape = (shape << 4) | size;
      const mark = bytes[i];
      if (mark !== DOT && mark !== DASH && mark !== SLASH) break;
      shape = (shape << 2) | (mark - DASH);
      i++;
    }
    this.start = start;
    this.end = i;
    this.digits = digits;
    let fits = this.shapes.get(shape);
    if (fits === undefined) {
      fits = this.mayFit(bytes);
      if (this.shapes.size >= MAX_SHAPES) this.shapes.clear();
      this.shapes.set(shape, fits);
    }
    return !fits;
  }

  private mayFit(bytes: Buffer): boolean {
    const { token, start, templates } = this;
    token.parse(bytes, start, start);
    if (token.start !== start || token.end !== this.end) return true;
    for (let g = 0; g < token.groups; g++) {
      const size = (token.groupEnd[g] as number) - (token.groupStart[g] as number);
      for (const rules of [templates[size] ?? [], size <= 3 ? (templates[0] ?? []) : []]) {
        for (const { template } of rules) if (token.matches({ ...template, fixed: [] }, bytes, g)) return true;
      }
    }
    return false;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isDigitOrMark(byte: number): boolean {
  return byte >= DASH && byte <= 57;
}
