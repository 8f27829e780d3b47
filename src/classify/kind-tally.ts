import type { DetectorInfo } from '../model/detector-info.ts';
import type { ValueEvidence } from '../model/finding.ts';
import { DistinctCounter } from './distinct.ts';
import type { JudgedColumn } from './judge-columns.ts';
import { previousLevel } from './levels.ts';
import { PUBLISHED_OBJECTS } from './repeated-values.ts';
import type { KindTotals } from './sensitivity.ts';

/** Names of columns kept for the reason: the first in alphabetical order. */
const MAX_COLUMNS = 4;

/** All findings of one kind in one place. */
export class KindTally {
  info: DetectorInfo;
  private probability = 0;
  private count = 0;
  private objects = 0;
  private lastObject = '';
  private readonly secrets = new Set<string>();
  private readonly people = new DistinctCounter();
  private readonly columns = new Set<string>();
  /** Small columns apart: which of them are boilerplate is known at the end. */
  private readonly small: { values: readonly string[]; probability: number; count: number }[] = [];

  constructor(info: DetectorInfo) {
    this.info = info;
  }

  addValue(object: string, value: ValueEvidence): void {
    this.secrets.add(value.fingerprint);
    this.addObject(object);
    this.count += value.count;
    this.probability = Math.max(this.probability, value.probability);
  }

  addColumn(object: string, { matches, column }: JudgedColumn, small: readonly string[] | null): void {
    this.addObject(object);
    if (column !== null) this.addName(column);
    if (small !== null) {
      this.small.push({ values: small, probability: matches.probability, count: matches.count });
      return;
    }
    this.people.merge(matches.distinct);
    this.count += matches.count;
    this.probability = Math.max(this.probability, matches.probability);
  }

  /** Adds findings of other objects. */
  merge(other: KindTally): void {
    for (const fingerprint of other.secrets) this.secrets.add(fingerprint);
    this.people.merge(other.people.toSketch());
    for (const column of other.columns) this.addName(column);
    this.small.push(...other.small);
    this.count += other.count;
    this.objects += other.objects;
    this.probability = Math.max(this.probability, other.probability);
  }

  /** Totals for the score. Where all of it is published boilerplate, one level lower and with the reason. */
  total(isPublished: (small: readonly string[]) => boolean): KindTotals | null {
    const people = DistinctCounter.from(this.people.toSketch());
    const published = new DistinctCounter();
    let { count, probability } = this;
    let hidden = 0;
    let hiddenProbability = 0;
    for (const column of this.small) {
      const isHidden = isPublished(column.values);
      (isHidden ? published : people).merge({ exact: [...column.values] });
      if (isHidden) {
        hidden += column.count;
        hiddenProbability = Math.max(hiddenProbability, column.probability);
      } else {
        count += column.count;
        probability = Math.max(probability, column.probability);
      }
    }
    const { info, objects } = this;
    const columns = [...this.columns].sort();
    const distinct = this.secrets.size > 0 ? this.secrets.size : people.estimate();
    const hiddenDistinct = published.estimate();
    if (distinct === 0 && hiddenDistinct === 0) return null;
    const remark = `${hiddenDistinct} of them published: the same in ${PUBLISHED_OBJECTS} or more objects`;
    if (distinct === 0) {
      const level = previousLevel(info.level);
      return {
        info,
        level,
        probability: hiddenProbability,
        count: hidden,
        distinct: hiddenDistinct,
        objects,
        columns,
        remark,
      };
    }
    const totals = { info, level: info.level, probability, count: count + hidden, distinct, objects, columns };
    return hiddenDistinct === 0 ? totals : { ...totals, remark };
  }

  private addName(column: string): void {
    this.columns.add(column);
    if (this.columns.size <= MAX_COLUMNS) return;
    const last = [...this.columns].sort().at(-1);
    if (last !== undefined) this.columns.delete(last);
  }

  private addObject(object: string): void {
    if (object === this.lastObject) return;
    this.lastObject = object;
    this.objects++;
  }
}
