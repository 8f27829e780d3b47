import { entropyOf } from './entropy.ts';

/** Words of documentation; of five letters or more, so that a random body of 100 letters hardly ever holds one. */
const WORDS = [
  'example',
  'placeholder',
  'changeme',
  'change_me',
  'change-me',
  'replace',
  'dummy',
  'sample',
  'redacted',
  'your_',
  'your-',
  'yourkey',
  'yourtoken',
  'yourpass',
  'yoursecret',
  'yourapi',
  'insert',
  'notreal',
  'not-real',
  'not-a-real',
  'not_a_real',
  'xxxx',
  '....',
  '****',
  '_here',
  '-here',
  'tokenhere',
  'keyhere',
  'secretkey',
  'mytoken',
  'my-token',
  'apikeyhere',
  'fake_',
  'fake-',
  'faketoken',
  'fakekey',
  'invalid',
];
/** Where a typed sequence begins. */
const SEQUENCES = ['01234567', '12345678', 'abcdefgh', '87654321', '76543210', 'qwertyui', 'asdfghjk'];
/** A run of neighbours (`klmnopqr`) of this length is typed, not drawn. */
const LONG_RUN = 8;

/**
 * Why the random part of a token was not drawn at random: `placeholder` (a word of documentation, a sequence from its
 * start, a repeated piece) or `low-entropy` (too few different characters); null when nothing speaks against it.
 */
export function placeholderReason(body: string): 'placeholder' | 'low-entropy' | null {
  const lower = body.toLowerCase();
  if ([...WORDS, ...SEQUENCES].some((word) => lower.includes(word))) return 'placeholder';
  if (isRepeated(lower) || longestSame(lower) >= 7) return 'placeholder';
  if (body.length >= 16 && entropyOf(body) < Math.min(2.9, 0.68 * Math.log2(body.length))) return 'low-entropy';
  return null;
}

/** Whether a body looks typed by a person who counted up: long runs of neighbours, or `a1b2c3d4`. */
export function looksTyped(body: string): boolean {
  const lower = body.toLowerCase();
  if (longestRun(lower) >= LONG_RUN || shareOfRuns(lower) > 0.5) return true;
  return lower.length >= 12 && isInterleaved(lower);
}

/** One piece, of at most ten characters and half the text, over and over. */
function isRepeated(text: string): boolean {
  for (let period = 1; period <= Math.min(10, text.length / 2); period++) {
    let i = period;
    while (i < text.length && text.charCodeAt(i) === text.charCodeAt(i - period)) i++;
    if (i === text.length) return true;
  }
  return false;
}

/** +1 or -1 when two characters follow each other in a typed sequence, `9` → `0`, `9` → `a` included; else 0. */
function step(previous: number, code: number): number {
  if (code === previous + 1) return 1;
  if (code === previous - 1) return -1;
  return previous === 57 && (code === 48 || code === 97) ? 1 : 0;
}

function runs(text: string): number[] {
  const lengths: number[] = [];
  let length = 1;
  let direction = 0;
  for (let i = 1; i <= text.length; i++) {
    const next = i < text.length ? step(text.charCodeAt(i - 1), text.charCodeAt(i)) : 0;
    if (next !== 0 && (direction === 0 || next === direction)) {
      direction = next;
      length++;
    } else {
      lengths.push(length);
      direction = 0;
      length = 1;
    }
  }
  return lengths;
}

function longestRun(text: string): number {
  return Math.max(0, ...runs(text));
}

function shareOfRuns(text: string): number {
  let inRuns = 0;
  for (const length of runs(text)) if (length >= 4) inRuns += length;
  return text.length < 8 ? 0 : inRuns / text.length;
}

/** `a1b2c3d4e5f6`: every second character counts up. */
function isInterleaved(text: string): boolean {
  for (const start of [0, 1]) {
    let steps = 0;
    let pairs = 0;
    for (let i = start + 2; i < text.length; i += 2) {
      pairs++;
      if (step(text.charCodeAt(i - 2), text.charCodeAt(i)) === 1) steps++;
    }
    if (steps < pairs * 0.75) return false;
  }
  return true;
}

function longestSame(text: string): number {
  let longest = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    length = i > 0 && text.charCodeAt(i) === text.charCodeAt(i - 1) ? length + 1 : 1;
    longest = Math.max(longest, length);
  }
  return longest;
}
