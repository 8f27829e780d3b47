import type { DetectorInfo } from '../model/detector-info.ts';
import type { ValueEvidence } from '../model/finding.ts';
import { isScannable, type Outcome, outcomeClass, wasRead } from '../model/outcome.ts';
import type { JudgedColumn } from './judge-columns.ts';
import { KindTally } from './kind-tally.ts';
import type { Mergeable } from './prefix-tree.ts';
import type { BucketCoverage } from './sensitivity.ts';

/** What the objects of one place hold and how many of them were read: running totals that add up exactly in any order. */
export class PlaceTally implements Mergeable<PlaceTally> {
  readonly counts: Omit<BucketCoverage, 'isListed'> = { listed: 0, scannable: 0, complete: 0, partial: 0 };
  /** Detector for secrets, entity for personal data. */
  readonly kinds = new Map<string, KindTally>();

  addOutcome(ended: Outcome): void {
    this.counts.listed += 1;
    if (isScannable(ended)) this.counts.scannable += 1;
    const kind = outcomeClass(ended);
    if ((kind === 'complete' || kind === 'partial') && wasRead(ended)) this.counts[kind] += 1;
  }

  addValue(object: string, info: DetectorInfo, value: ValueEvidence): void {
    this.kind(`secret ${info.id}`, info).addValue(object, value);
  }

  addColumn(object: string, judged: JudgedColumn, small: readonly string[] | null): void {
    this.kind(`entity ${judged.info.entity} ${judged.info.level}`, judged.info).addColumn(object, judged, small);
  }

  merge(other: PlaceTally): void {
    this.counts.listed += other.counts.listed;
    this.counts.scannable += other.counts.scannable;
    this.counts.complete += other.counts.complete;
    this.counts.partial += other.counts.partial;
    for (const [key, kind] of other.kinds) this.kind(key, kind.info).merge(kind);
  }

  private kind(key: string, info: DetectorInfo): KindTally {
    let kind = this.kinds.get(key);
    if (kind === undefined) {
      kind = new KindTally(info);
      this.kinds.set(key, kind);
    }
    // Detectors of one entity share its level; the least id stands for all, whichever object came first.
    if (info.id < kind.info.id) kind.info = info;
    return kind;
  }
}
