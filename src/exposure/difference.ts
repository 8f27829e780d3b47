const CONTEXT_LINES = 2;
/** Above this many cells of the comparison the two texts differ in one piece. */
const MAX_CELLS = 4_000_000;

interface Line {
  sign: ' ' | '-' | '+';
  text: string;
}

/** A unified difference of two documents as indented JSON; null has no lines. */
export function difference(file: string, before: unknown, after: unknown): string {
  const [old, now] = [before, after].map((one) => (one === null ? [] : JSON.stringify(one, null, 2).split('\n')));
  return [`--- ${file}`, `+++ ${file}`, ...hunks(compared(old ?? [], now ?? []))].join('\n');
}

/** Lines that both have stand once, along a longest common subsequence. */
function compared(old: readonly string[], now: readonly string[]): Line[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ sign: ' ', text }));
  return [
    ...same(old.slice(0, head)),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...same(old.slice(old.length - tail)),
  ];
}

function middle(old: readonly string[], now: readonly string[]): Line[] {
  const width = now.length + 1;
  const isTooLong = (old.length + 1) * width > MAX_CELLS;
  const lengths = new Uint16Array(isTooLong ? 0 : (old.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  if (!isTooLong) {
    for (let i = old.length - 1; i >= 0; i -= 1) {
      for (let j = now.length - 1; j >= 0; j -= 1) {
        lengths[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [gone, come] = [old[i], now[j]];
    if (gone !== undefined && gone === come && at(i, j) > at(i + 1, j)) {
      lines.push({ sign: ' ', text: gone });
      i += 1;
      j += 1;
    } else if (gone !== undefined && (come === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: gone });
      i += 1;
    } else {
      lines.push({ sign: '+', text: come ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** Changed lines with those around them; what lies further apart gets a piece of its own. */
function hunks(lines: readonly Line[]): string[] {
  const isNear = lines.map(() => false);
  lines.forEach(({ sign }, index) => {
    if (sign !== ' ') isNear.fill(true, Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1);
  });
  const texts: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (let index = 0; index < lines.length; index += 1) {
    let end = index;
    while (isNear[end] === true) end += 1;
    const piece = lines.slice(index, end);
    const olds = piece.filter(({ sign }) => sign !== '+').length;
    const news = piece.filter(({ sign }) => sign !== '-').length;
    if (piece.length > 0) {
      texts.push(`@@ -${start(oldLine, olds)},${olds} +${start(newLine, news)},${news} @@`);
      texts.push(...piece.map(({ sign, text }) => sign + text));
    }
    // The line behind a piece is one that both have.
    oldLine += olds + 1;
    newLine += news + 1;
    index = end;
  }
  return texts;
}

/** An empty side counts from the line before. */
function start(line: number, length: number): number {
  return length === 0 ? line - 1 : line;
}
