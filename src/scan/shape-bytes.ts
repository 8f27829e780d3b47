import type { ShapeNode } from '../../detectors/shape.ts';
import { IS_WORD } from './run-bytes.ts';

const PLACES = 32;

/** By byte, a bit for each of the first 32 places where it may stand in a value, or behind one that ends there. */
export type ShapeBytes = Int32Array;

/** What is known of all values of a shape; behind one stands neither letter nor digit. */
export function shapeBytes(nodes: readonly ShapeNode[]): ShapeBytes {
  const bytes = new Int32Array(256);
  const ends = allow(nodes, 1, bytes);
  if (ends === 0) return bytes;
  const shortest = ends & -ends;
  for (let byte = 0; byte < 256; byte++) {
    const behind = IS_WORD[byte] === 0 ? shortest : 0;
    bytes[byte] = (bytes[byte] as number) | behind | -(shortest << 1);
  }
  return bytes;
}

/** Whether a value may begin at `start`; false says that none does. */
export function mayBegin(shape: ShapeBytes, bytes: Uint8Array, start: number): boolean {
  for (let place = 0; place < PLACES; place++) {
    // Behind the end of the text stands what ends a value.
    if (((shape[bytes[start + place] ?? 0] as number) & (1 << place)) === 0) return false;
  }
  return true;
}

/** Notes the bytes of values that begin at the places `from`, a bit each; answers where they may end. */
function allow(nodes: readonly ShapeNode[], from: number, bytes: ShapeBytes): number {
  let at = from;
  for (const node of nodes) {
    if (node.kind === 'text') for (const letter of node.text) at = allowRun(letter, 1, 1, at, bytes);
    else if (node.kind === 'run') at = allowRun(node.letters, node.min, node.max, at, bytes);
    else {
      let ends = node.min === 0 ? at : 0;
      for (let count = 1; count <= Math.min(node.max, PLACES) && at !== 0; count++) {
        at = node.choices.reduce((all, choice) => all | allow(choice, at, bytes), 0);
        if (count >= node.min) ends |= at;
      }
      at = ends;
    }
  }
  return at;
}

function allowRun(letters: string, min: number, max: number, from: number, bytes: ShapeBytes): number {
  let inside = 0;
  let ends = 0;
  for (let count = 0, at = from; count <= Math.min(max, PLACES) && at !== 0; count++, at <<= 1) {
    if (count < max) inside |= at;
    if (count >= min) ends |= at;
  }
  for (let index = 0; index < letters.length; index++) {
    const byte = letters.charCodeAt(index);
    bytes[byte] = (bytes[byte] as number) | inside;
  }
  return ends;
}
