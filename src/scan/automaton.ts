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

  // Positions: one for each (pattern, bytes read); `setAt` is the set that reads on, -1 at the end.
  const first: number[] = [];
  const setAt: number[] = [];
  const endOf: number[] = [];
  for (const pattern of patterns) {
    first.push(setAt.length);
    pattern.sets.forEach((set) => {
      setAt.push(sets.indexOf(set));
      endOf.push(-1);
    });
    setAt.push(-1);
    endOf.push(pattern.id);
  }

  const startsByClass: number[][] = representatives.map(() => []);
  for (const position of first) {
    for (const cls of classesOf[setAt[position] as number] as number[])
      (startsByClass[cls] as number[]).push(position + 1);
  }
  const members: number[][] = [[]];
  const ids = new Map<string, number>([['', 0]]);
  const rows: Int32Array[] = [];
  function stateOf(positions: number[]): number {
    const key = positions.join(',');
    let id = ids.get(key);
    if (id === undefined) {
      id = members.length;
      ids.set(key, id);
      members.push(positions);
    }
    return id;
  }
  const rootRow = Int32Array.from(startsByClass, (positions) => stateOf(positions));
  for (let state = 0; state < members.length; state++) {
    const row = Int32Array.from(rootRow);
    const goesOn = new Map<number, number[]>();
    for (const position of members[state] as number[]) {
      const set = setAt[position] as number;
      if (set === -1) continue;
      for (const cls of classesOf[set] as number[]) {
        const next = goesOn.get(cls);
        if (next === undefined) goesOn.set(cls, [position + 1]);
        else next.push(position + 1);
      }
    }
    for (const [cls, next] of goesOn) {
      row[cls] = stateOf([...(startsByClass[cls] as number[]), ...next].sort((a, b) => a - b));
    }
    rows.push(row);
  }
  return numberStates(rows, members, endOf, { classes, width, patterns });
}

/** Accepting states go last, so that the scan loop needs one comparison a byte. */
function numberStates(
  rows: Int32Array[],
  members: number[][],
  endOf: number[],
  { classes, width, patterns }: { classes: Uint8Array; width: number; patterns: readonly AutomatonPattern[] },
): Automaton {
  const found = members.map((positions) => positions.map((p) => endOf[p] as number).filter((id) => id !== -1));
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
