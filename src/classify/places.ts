import type { Location } from '../model/segment.ts';

export type Place = { object: string } & Location;

/** The first places of a finding in the order of objects and of text within them, whatever the order they come in. */
export class Places {
  private kept: Place[] = [];
  private readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  add(object: string, locations: readonly Location[]): void {
    for (const location of locations) this.kept.push({ object, ...location });
    // Room to spare, so that sorting is rare.
    if (this.kept.length > 2 * this.max + 64) this.trim();
  }

  list(): Place[] {
    this.trim();
    return this.kept;
  }

  private trim(): void {
    this.kept = this.kept.sort(byPlace).slice(0, this.max);
  }
}

/** By object, member, row, line, page, offset and column. */
export function byPlace(a: Place, b: Place): number {
  return (
    byText(a.object, b.object) ||
    byText(a.member, b.member) ||
    byNumber(a.row, b.row) ||
    byNumber(a.page, b.page) ||
    byNumber(a.line, b.line) ||
    byNumber(a.byteOffset, b.byteOffset) ||
    byText(a.column, b.column) ||
    byText(a.pointer, b.pointer) ||
    byNumber(a.byteLength, b.byteLength)
  );
}

function byText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byNumber(a = -1, b = -1): number {
  return a - b;
}
