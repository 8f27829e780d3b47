export interface CapturePlan {
  /** The pattern with numbered groups for what is needed and the rest not captured. */
  pattern: string;
  /** Names of the groups, the first being number 1; `''` for what stands before the value. */
  names: string[];
  /** Number of the value's group, -1 when the whole match is the value. */
  value: number;
  /** The value stands inside another group or beside an alternative: only RE2 can tell where it starts. */
  needsPlaces: boolean;
  takesGroups: boolean;
}

/** Rewrites the groups of a pattern so that only what is needed is captured. */
export function planCaptures(pattern: string, takesGroups: boolean): CapturePlan {
  const names: string[] = [];
  let out = '';
  let depth = 0;
  let value = -1;
  let beforeValue = -1;
  let isOneSequence = true;
  for (let at = 0; at < pattern.length; ) {
    const { text, kind, name } = nextToken(pattern, at);
    at += text.length;
    if (kind === 'open') {
      const isCaptured = name !== undefined && (name === 'value' || takesGroups);
      if (isCaptured) names.push(name);
      if (name === 'value') {
        value = names.length;
        if (depth === 0) beforeValue = out.length;
      }
      out += isCaptured ? '(' : text.startsWith('(?') && name === undefined ? text : '(?:';
      depth++;
    } else {
      if (kind === 'close') depth--;
      // Flags that are set for what follows would end with the group around what stands before the value.
      else if (text.startsWith('(?') || (text === '|' && depth === 0)) isOneSequence = false;
      out += text;
    }
  }
  if (beforeValue < 0 || !isOneSequence) {
    return { pattern: out, names, value, needsPlaces: value >= 0, takesGroups };
  }
  return {
    pattern: `(${out.slice(0, beforeValue)})${out.slice(beforeValue)}`,
    names: ['', ...names],
    value: value + 1,
    needsPlaces: false,
    takesGroups,
  };
}

/** An escape, or a class. */
const UNIT = String.raw`\\.|\[\^?\]?(?:\[:[a-z^]+:\]|\\.|[^\]\\])*\]`;
const ONE_UNIT = new RegExp(UNIT, 'sy');
const NAMED = /^\(\?P?<([A-Za-z_][A-Za-z0-9_]*)>/;
const FLAGS = /^\(\?[A-Za-z-]*[:)]/;

/** The next unit of a pattern: an escape, a class, the start of a group with its name, or one character. */
function nextToken(pattern: string, at: number): { text: string; kind: 'open' | 'close' | 'text'; name?: string } {
  ONE_UNIT.lastIndex = at;
  const unit = ONE_UNIT.exec(pattern);
  if (unit !== null) return { text: unit[0], kind: 'text' };
  const first = pattern.charAt(at);
  if (first === ')') return { text: ')', kind: 'close' };
  if (first !== '(') return { text: first, kind: 'text' };
  const start = NAMED.exec(pattern.slice(at));
  if (start !== null) return { text: start[0], kind: 'open', name: start[1] as string };
  const flags = FLAGS.exec(pattern.slice(at))?.[0] ?? '(';
  return { text: flags, kind: flags.endsWith(')') ? 'text' : 'open' };
}

/** Repetitions with at least this bound are worth it: RE2 makes a copy of what is repeated for each. */
const LONG = 64;

/**
 * The pattern without the upper bounds of long repetitions of one character: RE2 compiles it in a tenth of the time, and
 * both take the same way through a text. So where it matches at most `longest` bytes, the pattern as written does too,
 * and where it matches nothing, neither does that.
 */
export function loosened(pattern: string): { pattern: string; longest: number } {
  let longest = Number.POSITIVE_INFINITY;
  const loose = pattern.replace(BOUNDS, (text, end: string | undefined, least?: string, most?: string) => {
    // A group could match nothing, over and over.
    if (end !== '' || Number(most) < LONG) return text;
    longest = Math.min(longest, Number(most));
    return `{${least},}`;
  });
  return { pattern: loose, longest };
}

/** Or the bounds of a repetition with the end of the group before them. */
const BOUNDS = new RegExp(String.raw`${UNIT}|(\)?)\{([0-9]+),([0-9]+)\}`, 'gs');
