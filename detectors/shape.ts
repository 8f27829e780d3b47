import type { Random } from './detector.ts';
import { ALPHABETS } from './sample.ts';

/**
 * Shapes of credentials as the table of issuers writes them (`issuers.tsv`), parts separated by spaces:
 *
 * - `'text'` stands for itself; inside, `\'` `\\` `\s` (space) `\n` `\r` `\t` are escapes
 * - a class and a length: `hex32`, `alnum20-40`, `b64_80+` (an underscore parts a name that ends in a digit)
 * - `[a-z0-9-]40` is a class of its own, with ranges; a `-` in it stands last
 * - `uuid` is 8-4-4-4-12 hexadecimal digits, `guid` the same of letters and digits
 * - `( a | b )` alternatives; behind a part or a bracket `?`, `*3` or `*2-5`
 */
export type ShapeNode =
  | { kind: 'text'; text: string }
  | { kind: 'run'; letters: string; min: number; max: number }
  | { kind: 'group'; choices: ShapeNode[][]; min: number; max: number };

const VISIBLE = String.fromCharCode(...Array.from({ length: 94 }, (_, index) => 33 + index));
const CLASSES: Readonly<Record<string, string>> = {
  digit: ALPHABETS.digit,
  hex: ALPHABETS.hex,
  HEX: ALPHABETS.HEX,
  xdigit: ALPHABETS.xhex,
  lower: ALPHABETS.lower,
  upper: ALPHABETS.upper,
  alpha: ALPHABETS.alpha,
  lalnum: ALPHABETS.lalnum,
  ualnum: ALPHABETS.ualnum,
  alnum: ALPHABETS.alnum,
  word: ALPHABETS.word,
  b64: ALPHABETS.base64,
  b64url: ALPHABETS.base64url,
  base32: ALPHABETS.base32,
  lbase32: ALPHABETS.lbase32,
  b58: ALPHABETS.b58,
  any: VISIBLE,
  text: ` \t\r\n${VISIBLE}`,
  sp: ' \t\r\n',
};
const MAX_BEGINNINGS = 16;
const LAYOUT = [8, 4, 4, 4, 12];
/** What `80+` means at most: RE2 counts no further. */
const MOST = 1000;
const TOKEN =
  /\s*(?:'((?:[^'\\]|\\.)*)'|(uuid|guid)|(\[(?:\\.|[^\]\\])+\]|[A-Za-z][A-Za-z0-9]*?)_?(\d+)(?:(\+)|-(\d+))?|([(|)]))(\?|\*(\d+)(?:-(\d+))?)?(?=\s|$)/y;

/** Reads a shape. @throws SyntaxError */
export function parseShape(shape: string): ShapeNode[] {
  const token = new RegExp(TOKEN);
  const open: { choices: ShapeNode[][] }[] = [{ choices: [[]] }];
  const end = shape.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(shape);
    if (match === null) throw new SyntaxError(`shape: cannot read "${shape.slice(at)}"`);
    const [, text, layout, name, min, plus, max, bracket, suffix, times, timesMax] = match;
    const repeat =
      suffix === undefined
        ? null
        : suffix === '?'
          ? { min: 0, max: 1 }
          : { min: Number(times), max: Number(timesMax ?? times) };
    const here = open.at(-1) as { choices: ShapeNode[][] };
    if (bracket === '(') {
      open.push({ choices: [[]] });
    } else if (bracket === '|') {
      here.choices.push([]);
    } else if (bracket === ')') {
      open.pop();
      const around = open.at(-1);
      if (around === undefined) throw new SyntaxError('shape: a bracket is closed that is not open');
      around.choices.at(-1)?.push({ kind: 'group', choices: here.choices, ...(repeat ?? { min: 1, max: 1 }) });
    } else {
      const nodes = part({ text, layout, name, min, plus, max });
      const sequence = here.choices.at(-1) as ShapeNode[];
      if (repeat === null) sequence.push(...nodes);
      else sequence.push({ kind: 'group', choices: [nodes], ...repeat });
    }
  }
  if (open.length > 1) throw new SyntaxError('shape: a bracket is not closed');
  const [{ choices }] = open as [{ choices: ShapeNode[][] }];
  return choices.length === 1 ? (choices[0] as ShapeNode[]) : [{ kind: 'group', choices, min: 1, max: 1 }];
}

function part(given: Record<'text' | 'layout' | 'name' | 'min' | 'plus' | 'max', string | undefined>): ShapeNode[] {
  if (given.text !== undefined) return [{ kind: 'text', text: plainText(given.text) }];
  if (given.layout !== undefined) {
    const letters = given.layout === 'uuid' ? ALPHABETS.xhex : ALPHABETS.alnum;
    return LAYOUT.flatMap((count, index): ShapeNode[] => [
      ...(index === 0 ? [] : [{ kind: 'text' as const, text: '-' }]),
      { kind: 'run', letters, min: count, max: count },
    ]);
  }
  const min = Number(given.min);
  const max = Math.min(MOST, given.plus === undefined ? Number(given.max ?? given.min) : MOST);
  return [{ kind: 'run', letters: lettersOf(given.name as string), min, max }];
}

function lettersOf(name: string): string {
  if (!name.startsWith('[')) {
    const letters = CLASSES[name];
    if (letters === undefined) throw new SyntaxError(`shape: no class is called "${name}"`);
    return letters;
  }
  const inner = [...name.slice(1, -1).matchAll(/\\(.)|([^\\])/gs)].map(([, escaped, plain]) => escaped ?? plain ?? '');
  let letters = '';
  for (let at = 0; at < inner.length; at++) {
    const first = inner[at] as string;
    const last = inner[at + 1] === '-' ? inner[at + 2] : undefined;
    if (last === undefined) letters += first;
    else {
      for (let code = first.charCodeAt(0); code <= last.charCodeAt(0); code++) letters += String.fromCharCode(code);
      at += 2;
    }
  }
  return letters;
}

function plainText(text: string): string {
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', s: ' ' };
  return text.replace(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);
}

/** The shape as a pattern in RE2 syntax, matching ASCII. */
export function shapePattern(nodes: readonly ShapeNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/[\n\r\t]/g, hexEscape);
      const body =
        node.kind === 'run'
          ? `[${node.letters.replace(/[\\^\]-]/g, '\\$&').replace(/[\n\r\t]/g, hexEscape)}]`
          : `(?:${node.choices.map(shapePattern).join('|')})`;
      if (node.min === 1 && node.max === 1) return body;
      return node.min === node.max ? `${body}{${node.min}}` : `${body}{${node.min},${node.max}}`;
    })
    .join('');
}

function hexEscape(letter: string): string {
  return `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** A text of the shape; runs without an upper end stay short. */
export function sampleShape(nodes: readonly ShapeNode[], random: Random): string {
  const count = ({ min, max }: { min: number; max: number }): number => min + random.int(Math.min(max - min, 8) + 1);
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'run') return random.chars(node.letters, count(node));
      return Array.from({ length: count(node) }, () => sampleShape(random.pick(node.choices), random)).join('');
    })
    .join('');
}

/** Texts of which every value of the shape begins with one; one empty text when there is no such. */
export function fixedBeginnings(nodes: readonly ShapeNode[]): string[] {
  let texts = [''];
  for (const node of nodes) {
    if (node.kind === 'text') texts = texts.map((text) => text + node.text);
    else if (node.kind === 'run' && node.letters.length === 1 && node.min > 0) {
      return texts.map((text) => text + node.letters.repeat(node.min));
    } else if (node.kind === 'group' && node.max === 1 && texts.length * node.choices.length <= MAX_BEGINNINGS) {
      const inside = node.choices.flatMap(fixedBeginnings);
      // A choice that goes on with letters that are not fixed ends what is known of all.
      const isFixed = node.choices.every((choice) => choice.every(({ kind }) => kind === 'text'));
      if (node.min === 0) inside.push('');
      texts = texts.flatMap((text) => inside.map((next) => text + next));
      if (!isFixed) return texts;
    } else break;
  }
  return texts;
}

/** Lengths of the values of the shape. */
export function shapeLengths(nodes: readonly ShapeNode[]): { min: number; max: number } {
  let min = 0;
  let max = 0;
  for (const node of nodes) {
    const inner =
      node.kind === 'text'
        ? { min: node.text.length, max: node.text.length }
        : node.kind === 'run'
          ? { min: node.min, max: node.max }
          : node.choices.map(shapeLengths).reduce(
              (all, one) => ({
                min: Math.min(all.min, one.min * node.min),
                max: Math.max(all.max, one.max * node.max),
              }),
              { min: Number.POSITIVE_INFINITY, max: 0 },
            );
    min += inner.min;
    max += inner.max;
  }
  return { min, max };
}
