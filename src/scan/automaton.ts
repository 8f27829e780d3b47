/**
 * One deterministic automaton over bytes for every trigger of the catalogue: Aho-Corasick, generalised from single bytes
 * to byte sets so that ASCII-folded literals and short shapes (`999-9`) cost no more than a literal. Built by subset
 * construction; a state's row differs from the root's only where one of its partial matches goes on.
 */

/** A sequence of byte sets. `id` comes back when its last byte was read. */
export interface AutomatonPattern {
  id: number;
  sets: readonly ByteSet[];
}

/** 256 flags. */
export type ByteSet = Uint8Array;

export interface Automaton {
  /** Byte → class. */
  classes: Uint8Array;
  /** Row offset + class → row offset of the next state. */
  table: Int32Array;
  /** Rows from here on report patterns. */
  acceptFrom: number;
  /** Patterns that end in an accepting row, by (row offset - acceptFrom) / width. */
  outputs: Int32Array[];
  width: number;
  /** State at the start of a stream: as if a newline had been read. */
  start: number;
  /** Length of the longest pattern, bytes. */
  longest: number;
  states: number;
}

export function byteSet(accepts: (byte: number) => boolean): ByteSet {
  const set = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) if (accepts(byte)) set[byte] = 1;
  return set;
}

export function buildAutomaton(patterns: readonly AutomatonPattern[]): Automaton {
  const sets = distinctSets(patterns);
  const { classes, representatives } = byteClasses(sets.list);
  const width = representatives.length;
  const classesOf = sets.list.map((set) =>
    [...representatives.keys()].filter((cls) => set[representatives[cls] as number] === 1),
  );

  const { edges, endsOf } = prefixTree(patterns, sets.indexOf);
  const takes = (set: number, cls: number): boolean =>
    (sets.list[set] as ByteSet)[representatives[cls] as number] === 1;

  const startsByClass = representatives.map((_, cls) =>
    (edges[0] as Edge[]).filter(({ set }) => takes(set, cls)).map(({ node }) => node),
  );
  const startSets = new Interner();
  const startsOf = startsByClass.map((positions) => startSets.idOf(positions));
  const states = new Interner();
  const members = states.lists;
  states.idOf([]);
  const goesOnSets = new Interner();
  const nothing = goesOnSets.idOf([]);
  /** State by what goes on and what starts: most rows ask for the same few. */
  const known = new Map<number, number>();
  function stateOf(goesOn: number, cls: number): number {
    const key = goesOn * startsByClass.length + (startsOf[cls] as number);
    let id = known.get(key);
    if (id === undefined) {
      const nodes = [...(goesOnSets.lists[goesOn] as number[]), ...(startsByClass[cls] as number[])];
      id = states.idOf(nodes.sort((a, b) => a - b));
      known.set(key, id);
    }
    return id;
  }

  const rootRow = Int32Array.from(representatives, (_, cls) => stateOf(nothing, cls));
  const rows: Int32Array[] = [];
  const masks = new Int32Array(width);
  for (let state = 0; state < members.length; state++) {
    const row = rootRow.slice();
    rows.push(row);
    const onward = (members[state] as number[]).flatMap((node) => edges[node] as Edge[]);
    const bySet = new Map<number, number>();
    // Which of up to 31 partial matches go on with a class, as bits; the rare state with more is asked class by class.
    const isSmall = onward.length <= 31;
    masks.fill(0);
    if (isSmall) {
      for (let bit = 0; bit < onward.length; bit++) {
        for (const cls of classesOf[(onward[bit] as Edge).set] as number[]) (masks[cls] as number) |= 1 << bit;
      }
    }
    for (let cls = 0; cls < width; cls++) {
      const mask = isSmall ? (masks[cls] as number) : -1 - cls;
      if (mask === 0) continue;
      let goesOn = bySet.get(mask);
      if (goesOn === undefined) {
        const going = onward.filter(({ set }, bit) => (isSmall ? ((mask >> bit) & 1) === 1 : takes(set, cls)));
        goesOn = goesOnSets.idOf(going.map(({ node }) => node));
        bySet.set(mask, goesOn);
      }
      row[cls] = stateOf(goesOn, cls);
    }
  }
  return numberStates(rows, members, endsOf, { classes, width, patterns });
}

interface Edge {
  set: number;
  node: number;
}

/** Patterns by their common beginnings; node 0 is before the first byte, `endsOf` has the patterns that end at a node. */
function prefixTree(
  patterns: readonly AutomatonPattern[],
  indexOf: (set: ByteSet) => number,
): { edges: Edge[][]; endsOf: number[][] } {
  const edges: Edge[][] = [[]];
  const endsOf: number[][] = [[]];
  const children = new Map<string, number>();
  for (const { id, sets } of patterns) {
    let node = 0;
    for (const set of sets.map(indexOf)) {
      const key = `${node} ${set}`;
      let child = children.get(key);
      if (child === undefined) {
        child = edges.length;
        children.set(key, child);
        edges.push([]);
        endsOf.push([]);
        (edges[node] as Edge[]).push({ set, node: child });
      }
      node = child;
    }
    (endsOf[node] as number[]).push(id);
  }
  return { edges, endsOf };
}

/** Small numbers for lists of numbers, equal ones for equal lists. */
class Interner {
  readonly lists: number[][] = [];
  private readonly ids = new Map<string, number>();

  idOf(list: number[]): number {
    const key = list.join(',');
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.lists.length;
      this.ids.set(key, id);
      this.lists.push(list);
    }
    return id;
  }
}

/** Accepting states go last, so that the scan loop needs one comparison a byte. */
function numberStates(
  rows: Int32Array[],
  members: number[][],
  endsOf: number[][],
  { classes, width, patterns }: { classes: Uint8Array; width: number; patterns: readonly AutomatonPattern[] },
): Automaton {
  const found = members.map((nodes) => nodes.flatMap((node) => endsOf[node] as number[]).sort((a, b) => a - b));
  const order = [...rows.keys()].filter((s) => found[s]?.length === 0);
  const quiet = order.length;
  order.push(...[...rows.keys()].filter((s) => found[s]?.length !== 0));
  const offset = new Int32Array(rows.length);
  order.forEach((state, index) => {
    offset[state] = index * width;
  });
  const table = new Int32Array(rows.length * width);
  order.forEach((state, index) => {
    const row = rows[state] as Int32Array;
    for (let cls = 0; cls < width; cls++) table[index * width + cls] = offset[row[cls] as number] as number;
  });
  return {
    classes,
    table,
    width,
    acceptFrom: quiet * width,
    outputs: order.slice(quiet).map((state) => Int32Array.from(found[state] as number[])),
    start: table[classes[10] as number] as number,
    longest: patterns.reduce((most, pattern) => Math.max(most, pattern.sets.length), 0),
    states: rows.length,
  };
}

function distinctSets(patterns: readonly AutomatonPattern[]): { list: ByteSet[]; indexOf(set: ByteSet): number } {
  const list: ByteSet[] = [];
  const byText = new Map<string, number>();
  const known = new Map<ByteSet, number>();
  for (const pattern of patterns) {
    for (const set of pattern.sets) {
      if (known.has(set)) continue;
      const text = Buffer.from(set).toString('latin1');
      let index = byText.get(text);
      if (index === undefined) {
        index = list.length;
        list.push(set);
        byText.set(text, index);
      }
      known.set(set, index);
    }
  }
  return { list, indexOf: (set) => known.get(set) as number };
}

/** Bytes that no set tells apart share a class: the table shrinks from 256 columns to some 80. */
function byteClasses(sets: readonly ByteSet[]): { classes: Uint8Array; representatives: number[] } {
  const classes = new Uint8Array(256);
  const representatives: number[] = [];
  const bySignature = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    const signature = sets.map((set) => set[byte]).join('');
    let cls = bySignature.get(signature);
    if (cls === undefined) {
      cls = representatives.length;
      bySignature.set(signature, cls);
      representatives.push(byte);
    }
    classes[byte] = cls;
  }
  return { classes, representatives };
}
