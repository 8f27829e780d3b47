/** A digit template: lengths of its groups (0 stands for one to three digits), the bytes between them, and digits that are fixed. */
export interface DigitTemplate {
  lengths: number[];
  separators: number[];
  fixed: { group: number; offset: number; byte: number }[];
}

/**
 * Compiles `999-99-9999`, `#.#.#.#` or `1-999-999-9999` (`9` is any digit, another digit itself). Throws on anything but
 * digit groups with single-byte separators.
 */
export function compileTemplate(text: string): DigitTemplate {
  const template: DigitTemplate = { lengths: [], separators: [], fixed: [] };
  const { lengths, separators, fixed } = template;
  for (const part of text.match(/[0-9]+|#|[^0-9#]/g) ?? []) {
    const isGroup = isDigit(part.charCodeAt(0)) || part === '#';
    if (isGroup !== (lengths.length === separators.length))
      throw new Error(`digit template ${text}: group and separator must alternate`);
    if (!isGroup) {
      separators.push(part.charCodeAt(0));
      continue;
    }
    for (let offset = 0; offset < part.length; offset++) {
      const byte = part.charCodeAt(offset);
      if (part !== '#' && byte !== 57) fixed.push({ group: lengths.length, offset, byte });
    }
    lengths.push(part === '#' ? 0 : part.length);
  }
  if (lengths.length !== separators.length + 1) throw new Error(`digit template ${text}: must end in a group`);
  return template;
}

const MAX_TOKEN_BYTES = 48;
const MAX_GROUPS = 24;

/**
 * Digits with single separators between them: `+33 6 12 34 56 78`, `123-45-6789`, `10.0.0.1`. Parsed once into groups,
 * so that a template is compared without a regular expression. Reused: no allocation a token.
 */
export class NumberToken {
  /** Offsets in the buffer; `start` includes a leading `+` or `(`. */
  start = 0;
  end = 0;
  digits = 0;
  groups = 0;
  hasSeparator = false;
  readonly groupStart = new Int32Array(MAX_GROUPS);
  readonly groupEnd = new Int32Array(MAX_GROUPS);

  /** Parses the token around `at`, a digit or separator of it, no further left than `floor`. */
  parse(bytes: Buffer, at: number, floor: number): void {
    const left = Math.max(floor, at - MAX_TOKEN_BYTES);
    let first = at;
    while (first > left && isPart(bytes, first - 1)) first--;
    // A run cut by the floor or the token limit is not a group of its own.
    if (first > 0 && isDigit(bytes[first - 1] as number))
      while (first < bytes.length && isDigit(bytes[first] as number)) first++;
    while (first <= at && !isDigit(bytes[first] as number)) first++;
    this.start = first;
    if (first > floor && (bytes[first - 1] === 43 || bytes[first - 1] === 40)) this.start = first - 1;
    if (this.start > floor && bytes[this.start] === 40 && bytes[this.start - 1] === 43) this.start--;
    this.groups = 0;
    this.digits = 0;
    this.end = first;
    const limit = Math.min(bytes.length, first + MAX_TOKEN_BYTES * 2);
    let i = first;
    while (i < limit && this.groups < MAX_GROUPS && isDigit(bytes[i] as number)) {
      const groupStart = i;
      while (i < limit && isDigit(bytes[i] as number)) i++;
      this.groupStart[this.groups] = groupStart;
      this.groupEnd[this.groups] = i;
      this.groups++;
      this.digits += i - groupStart;
      this.end = i;
      if (i < limit && isSeparator(bytes[i] as number)) {
        const two = isPair(bytes, i);
        i += two ? 2 : 1;
      }
    }
    if (i === limit && this.end === limit && limit < bytes.length && isDigit(bytes[limit] as number)) this.groups--;
    this.hasSeparator = this.groups > 1 || this.start < first;
  }

  /** Whether the template stands at group `g`. */
  matches(template: DigitTemplate, bytes: Buffer, g: number): boolean {
    const { lengths, separators, fixed } = template;
    if (g + lengths.length > this.groups) return false;
    for (let k = 0; k < lengths.length; k++) {
      const size = (this.groupEnd[g + k] as number) - (this.groupStart[g + k] as number);
      const wanted = lengths[k] as number;
      if (wanted === 0 ? size > 3 : size !== wanted) return false;
      if (k > 0) {
        const gap = this.groupEnd[g + k - 1] as number;
        if ((this.groupStart[g + k] as number) !== gap + 1 || bytes[gap] !== separators[k - 1]) return false;
      }
    }
    for (const { group, offset, byte } of fixed)
      if (bytes[(this.groupStart[g + group] as number) + offset] !== byte) return false;
    return true;
  }
}

/** No detector asks for longer runs. */
const MAX_LONE_DIGITS = 31;

/** Whether `at` is in a run of digits that joins no other: most numbers are. `run` is set then; a long one ends early. */
export function isLoneRun(bytes: Buffer, at: number, run: { start: number; end: number }): boolean {
  let start = at;
  while (start > 0 && isDigit(bytes[start - 1] as number)) start--;
  if (start > 0 && isJoint(bytes[start - 1] as number)) return false;
  let end = at + 1;
  while (end < bytes.length && end - start <= MAX_LONE_DIGITS + 1 && isDigit(bytes[end] as number)) end++;
  if (end < bytes.length && isJoint(bytes[end] as number) && isDigit(bytes[end + 1] as number)) return false;
  run.start = start;
  run.end = end;
  return true;
}

/** Whether a lone run of so many digits is of interest to some detector. */
export function isAskedFor(digits: number, runLengths: number): boolean {
  return digits <= MAX_LONE_DIGITS && (runLengths & (1 << digits)) !== 0;
}

/** ` `, `(`, `)`, `+`, `-`, `.`, `/`. */
function isJoint(byte: number): boolean {
  return byte === 32 || byte === 40 || byte === 41 || byte === 43 || byte === 45 || byte === 46 || byte === 47;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isSeparator(byte: number): boolean {
  return byte === 32 || byte === 45 || byte === 46 || byte === 47 || byte === 40 || byte === 41;
}

/** `) ` and ` (` and `)-` join two groups as one separator, as in `(555) 010-1234`. */
function isPair(bytes: Buffer, i: number): boolean {
  const a = bytes[i] as number;
  const b = bytes[i + 1];
  return (a === 41 && (b === 32 || b === 45)) || (b === 40 && (a === 32 || a === 45));
}

/** A digit, or a separator that joins digits: two separators in a row end a token unless they are a pair. */
function isPart(bytes: Buffer, i: number): boolean {
  const byte = bytes[i] as number;
  if (isDigit(byte)) return true;
  if (!isSeparator(byte)) return false;
  if (i === 0) return false;
  const before = bytes[i - 1] as number;
  return isDigit(before) || isPair(bytes, i - 1);
}
