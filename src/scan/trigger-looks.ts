import { type ByteSet, byteSet } from './automaton.ts';
import { rarity } from './byte-class.ts';
import { LOOK_BYTES, type Look, type LookAhead, type Looks } from './trigger-kernel.ts';
import type { TextTrigger, TriggerPlan } from './triggers.ts';

const MAX_LOOKS = 2;

/**
 * For each list of triggers whose pieces end at one place: the rarest bytes that must stand near it for any of them, and
 * what must come behind it. The automaton has read the pieces themselves; these are looked at before anything is called.
 */
export function planLooks(outputs: readonly Int32Array[], { triggers, patterns }: TriggerPlan): Looks[] {
  const sets = new SetUnions();
  return outputs.map((ids) => {
    const some = [...ids].map((id) => triggers[id]).filter((trigger) => trigger?.kind === 'text');
    if (some.length < ids.length) return { near: [], ahead: null };
    const known = Math.min(...[...ids].map((id) => (patterns[id]?.sets ?? []).length));
    const looks: (Look & { bits: number })[] = [];
    for (let distance = -LOOK_BYTES; distance <= LOOK_BYTES; distance++) {
      if (distance <= 0 && distance > -known) continue;
      const needed = some.map((trigger) => setAt(trigger, distance, sets));
      if (needed.includes(null)) continue;
      const set = sets.of(needed as ByteSet[]);
      const bits = sets.rarity(set);
      if (bits > 0) looks.push({ distance, set, bits });
    }
    looks.sort((a, b) => b.bits - a.bits || Math.abs(a.distance) - Math.abs(b.distance));
    return { near: looks.slice(0, MAX_LOOKS), ahead: aheadOf(some, sets) };
  });
}

/** What must come behind the piece for any of the triggers, where all look from one place on. */
function aheadOf(triggers: readonly TextTrigger[], sets: SetUnions): LookAhead | null {
  const [first] = triggers;
  if (first?.ahead == null) return null;
  const aheads: NonNullable<TextTrigger['ahead']>[] = [];
  for (const { ahead, behind } of triggers) {
    if (ahead === null || behind !== first.behind) return null;
    aheads.push(ahead);
  }
  return {
    distance: first.behind + 1,
    within: Math.max(...aheads.map(({ within }) => within)),
    set: sets.of(aheads.map(({ search }) => search)),
  };
}

/** What must stand so far from the last byte of the trigger's piece, as `TriggerTable.confirm` has it; null: anything. */
function setAt(
  { sets, behind, before, after, ahead }: TextTrigger,
  distance: number,
  unions: SetUnions,
): ByteSet | null {
  const index = sets.length - 1 - behind + distance;
  if (index === -1) return before;
  if (index < sets.length) return sets[index] ?? null;
  if (index > sets.length) return null;
  return after ?? (ahead && unions.any(ahead.search));
}

/** Unions of byte sets and of searches, each made once. */
class SetUnions {
  private readonly ids = new Map<ByteSet, number>();
  private readonly unions = new Map<string, ByteSet>();
  private readonly anyOf = new Map<ByteSet, ByteSet>();
  private readonly bits = new Map<ByteSet, number>();

  of(sets: readonly ByteSet[]): ByteSet {
    const distinct = [...new Set(sets)];
    if (distinct.length === 1) return distinct[0] as ByteSet;
    const key = distinct
      .map((set) => this.idOf(set))
      .sort((a, b) => a - b)
      .join();
    let union = this.unions.get(key);
    if (union === undefined) {
      union = Uint8Array.from({ length: 256 }, (_, byte) => Math.max(...distinct.map((set) => set[byte] as number)));
      this.unions.set(key, union);
    }
    return union;
  }

  /** The bytes of which a search does not end with no. */
  any(search: ByteSet): ByteSet {
    let set = this.anyOf.get(search);
    if (set === undefined) {
      set = byteSet((byte) => search[byte] !== 0);
      this.anyOf.set(search, set);
    }
    return set;
  }

  rarity(set: ByteSet): number {
    let bits = this.bits.get(set);
    if (bits === undefined) {
      bits = rarity(set);
      this.bits.set(set, bits);
    }
    return bits;
  }

  private idOf(set: ByteSet): number {
    let id = this.ids.get(set);
    if (id === undefined) {
      id = this.ids.size;
      this.ids.set(set, id);
    }
    return id;
  }
}
