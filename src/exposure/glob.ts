/** Policy globs: `*` is any run of characters (also `/` and `:`), `?` any single one; the rest is literal. */

/** Positions of `pattern` that are alive after `text`; a `*` keeps its own position alive. */
function advance(pattern: string, alive: Set<number>, char: string): Set<number> {
  const next = new Set<number>();
  for (const at of alive) {
    const token = pattern[at];
    if (token === '*') next.add(at);
    else if (token === '?' || token === char) next.add(at + 1);
  }
  return skipStars(pattern, next);
}

function skipStars(pattern: string, alive: Set<number>): Set<number> {
  for (const at of alive) if (pattern[at] === '*') alive.add(at + 1);
  return alive;
}

function consume(pattern: string, text: string): Set<number> {
  let alive = skipStars(pattern, new Set([0]));
  for (const char of text.split('')) alive = advance(pattern, alive, char);
  return alive;
}

/** Two cursors and one way back, to behind the last star: linear for the patterns that policies have. */
export function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < text.length; ) {
    const token = pattern[at];
    if (token === '*') {
      star = at++;
      resume = index;
    } else if (token !== undefined && (token === '?' || token === text[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** The globs that match exactly what may follow `prefix` in a text that `pattern` matches; empty when nothing may. */
export function globResiduals(pattern: string, prefix: string): string[] {
  const tails = [...consume(pattern, prefix)].map((at) => pattern.slice(at));
  return minimalGlobs(tails.filter((tail) => tail !== ''));
}

/** Without the globs that another one covers. */
export function minimalGlobs(globs: readonly string[]): string[] {
  const unique = [...new Set(globs)];
  const isSpare = (glob: string, index: number) =>
    unique.some((other, at) => at !== index && globCovers(other, glob) && (at < index || !globCovers(glob, other)));
  return unique.filter((glob, index) => !isSpare(glob, index));
}

/** True only when `outer` matches everything that `inner` matches. */
export function globCovers(outer: string, inner: string): boolean {
  let alive = skipStars(outer, new Set([0]));
  for (const token of inner.split('')) {
    const next = new Set<number>();
    for (const at of alive) {
      const own = outer[at];
      if (own === '*') next.add(at);
      else if (token !== '*' && (own === '?' || own === token)) next.add(at + 1);
    }
    alive = skipStars(outer, next);
  }
  return alive.has(outer.length);
}

/** True when some text is matched by both. */
export function globsOverlap(left: string, right: string): boolean {
  const width = right.length + 1;
  const seen = new Set<number>();
  const open = [0];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    const i = Math.floor(state / width);
    const j = state % width;
    const a = left[i];
    const b = right[j];
    if (a === undefined && b === undefined) return true;
    if (a === '*') open.push(state + width);
    if (b === '*') open.push(state + 1);
    if (a === undefined || b === undefined) continue;
    const isSame = a === b || a === '?' || b === '?' || a === '*' || b === '*';
    if (isSame) open.push((i + (a === '*' ? 0 : 1)) * width + j + (b === '*' ? 0 : 1));
  }
  return false;
}

export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}
