import type { Random } from '../detectors/detector.ts';
import { createRandom } from '../detectors/sample.ts';
import type { Kind } from './kinds.ts';

/** Where a planted value stands. Only what the format of the object has. */
export interface Place {
  row?: number;
  column?: string;
  pointer?: string;
  line?: number;
  /** How many rows this place stands for; absent: one. */
  repeats?: number;
}

/** One planted value at one place. `item` is the same wherever the same value is planted again. The value is in no line. */
export interface Truth extends Place {
  object: string;
  item: string;
  detector: string;
  issuer: string | null;
  entity: string | null;
}

/** A value to be planted, once or more often. */
export interface Item {
  id: string;
  kind: Kind;
  value: string;
}

/** Builds the objects of one labelled set and keeps its truth. The name is the seed: another set, other values. */
export class CorpusSet {
  readonly name: string;
  readonly random: Random;
  readonly objects = new Map<string, Buffer>();
  readonly truth: Truth[] = [];
  /** Everything that was planted. */
  readonly values: string[] = [];
  private readonly counts = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
    this.random = createRandom(`corpus ${name}`);
  }

  /** A value that no other item of the set has. */
  make(kind: Kind): Item {
    const number = (this.counts.get(kind.detector) ?? 0) + 1;
    this.counts.set(kind.detector, number);
    const value = kind.value(this.random);
    this.values.push(value);
    return { id: `${kind.detector}-${number}`, kind, value };
  }

  plant(object: string, { id, kind }: Item, place: Place): void {
    this.truth.push({
      object,
      item: id,
      detector: kind.detector,
      issuer: kind.issuer ?? null,
      entity: kind.entity ?? null,
      ...place,
    });
  }

  write(object: string, content: string | Uint8Array): void {
    this.objects.set(object, typeof content === 'string' ? Buffer.from(content) : Buffer.from(content));
  }
}
