import type { CompiledSet } from './compile.ts';
import { NumberToken } from './number-token.ts';

const MAX_GROUPS = 3;
const MAX_GROUP_DIGITS = 15;
const MAX_BYTES = 40;
/** Of three groups: 4 bits for the digits of each, 2 for the mark between. */
const SHAPES = 1 << 17;
const UNKNOWN = 0;
const NONE_FITS = 1;
const ONE_MAY_FIT = 2;
const NEWLINE = 10;
const SPACE = 32;
const OPENING = 40;
const CLOSING = 41;
const DASH = 45;
const DOT = 46;
const SLASH = 47;

/**
 * Decimal numbers and dates: up to three groups of digits between points, dashes or slashes. Most have a shape that no template has, and
 * whether one has it is worked out once a shape.
 */
export class QuietToken {
  /** Of the last token: offsets in the buffer, and its digits. */
  start = 0;
  end = 0;
  digits = 0;
  private readonly templates: CompiledSet['templates'];
  private readonly token = new NumberToken();
  /** A token alone: at most 47 bytes. */
  private readonly alone = Buffer.alloc(MAX_BYTES * 2, '\n');
  /** By shape: whether a template may fit. */
  private readonly shapes = new Uint8Array(SHAPES);

  constructor({ templates }: CompiledSet) {
    this.templates = templates;
  }

  /** Whether such a token stands around the digit or separator at `at` and no template may fit it. */
  find(bytes: Buffer, at: number): boolean {
    let start = at;
    const floor = Math.max(0, at - MAX_BYTES);
    while (start > floor && isDigitOrMark(bytes[start - 1] as number)) start--;
    if (start > 0 && isDigitOrMark(bytes[start - 1] as number)) return false;
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
      if ((mark !== DOT && mark !== DASH && mark !== SLASH) || !isDigit(bytes[i + 1] as number)) break;
      shape = (shape << 2) | (mark - DASH);
      i++;
    }
    // Two marks in a row part numbers.
    if (i <= at) return false;
    this.start = start;
    this.end = i;
    this.digits = digits;
    if (this.shapes[shape] === UNKNOWN) this.shapes[shape] = this.mayFit(bytes) ? ONE_MAY_FIT : NONE_FITS;
    return this.shapes[shape] === NONE_FITS;
  }

  /** Whether the last token found begins behind `floor` and neither joins another nor is part of one. */
  isAlone(bytes: Buffer, floor: number): boolean {
    const { start, end } = this;
    if (start <= floor + 1 || end + 1 >= bytes.length) return false;
    // A space or parenthesis joins numbers where a digit stands behind it, or another sign of the kind.
    return (
      !(isJoint(bytes[start - 1] as number) && mayJoin(bytes[start - 2] as number)) &&
      !(isJoint(bytes[end] as number) && mayJoin(bytes[end + 1] as number))
    );
  }

  private mayFit(bytes: Buffer): boolean {
    const { token, templates, alone, start, end } = this;
    const size = end - start;
    bytes.copy(alone, 1, start, end);
    alone[size + 1] = NEWLINE;
    token.parse(alone, 1, 0);
    if (token.start !== 1 || token.end !== size + 1) return true;
    for (let g = 0; g < token.groups; g++) {
      const digits = (token.groupEnd[g] as number) - (token.groupStart[g] as number);
      for (const rules of [templates[digits] ?? [], digits <= 3 ? (templates[0] ?? []) : []]) {
        for (const { template } of rules) if (token.matches({ ...template, fixed: [] }, alone, g)) return true;
      }
    }
    return false;
  }
}

/** Joins numbers beside the marks of a token. */
function isJoint(byte: number): boolean {
  return byte === SPACE || byte === OPENING || byte === CLOSING || byte === DASH;
}

function mayJoin(byte: number): boolean {
  return isDigit(byte) || isJoint(byte);
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isDigitOrMark(byte: number): boolean {
  return byte >= DASH && byte <= 57;
}
