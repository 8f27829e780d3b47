import type { DetectorInfo } from '../model/detector-info.ts';
import type { ObjectRef } from '../model/object.ts';
import type { Sensitivity } from '../model/posture.ts';
import { PlaceTally } from './place-tally.ts';
import { type PrefixNode, PrefixTree } from './prefix-tree.ts';
import { type BucketCoverage, sensitivityOf } from './sensitivity.ts';

/** A folder, or several that are told as one, with all that is below it. */
export interface PrefixSensitivity {
  /** Of the keys as they are stored: mask it before it is shown. */
  prefix: string;
  objects: number;
  sensitivity: Sensitivity;
  /** Objects of the folder itself are in none of them. */
  children: PrefixSensitivity[];
}

/** Which part of a bucket a key is in, as a number. */
export type PartOf = (bucketUri: string, key: string) => number;
type IsPublished = (info: DetectorInfo, small: readonly string[]) => boolean;

/** What is where: by bucket, by its parts, and by folder. */
export class BucketPlaces {
  private readonly trees = new Map<string, Map<number, PrefixTree<PlaceTally>>>();
  private readonly partOf: PartOf;
  private readonly isPublished: IsPublished;

  constructor(partOf: PartOf, isPublished: IsPublished) {
    this.partOf = partOf;
    this.isPublished = isPublished;
  }

  /** Where this object counts, until the next call. */
  at({ bucket, key }: ObjectRef): PlaceTally {
    let parts = this.trees.get(bucket.uri);
    if (parts === undefined) {
      parts = new Map();
      this.trees.set(bucket.uri, parts);
    }
    const part = this.partOf(bucket.uri, key);
    let tree = parts.get(part);
    if (tree === undefined) {
      tree = new PrefixTree(() => new PlaceTally());
      parts.set(part, tree);
    }
    return tree.at(key);
  }

  sensitivity(bucketUri: string, coverage: BucketCoverage): Sensitivity {
    const all = new PlaceTally();
    for (const tree of this.trees.get(bucketUri)?.values() ?? []) addBelow(all, tree.top());
    return this.judge(all, coverage);
  }

  prefixes(bucketUri: string, isListed: boolean): Map<number, PrefixSensitivity> {
    const parts = new Map<number, PrefixSensitivity>();
    for (const [part, tree] of this.trees.get(bucketUri) ?? []) {
      const top = tree.top();
      if (top !== null) parts.set(part, this.describe(top, isListed));
    }
    return parts;
  }

  private describe(node: PrefixNode<PlaceTally>, isListed: boolean): PrefixSensitivity {
    const all = new PlaceTally();
    addBelow(all, node);
    const children = [...node.children.values()].map((child) => this.describe(child, isListed));
    return {
      prefix: node.prefix,
      objects: all.counts.listed,
      sensitivity: this.judge(all, { ...all.counts, isListed }),
      children: children.sort((a, b) => (a.prefix < b.prefix ? -1 : 1)),
    };
  }

  private judge({ kinds }: PlaceTally, coverage: BucketCoverage): Sensitivity {
    const totals = [...kinds.values()].map((kind) => kind.total((small) => this.isPublished(kind.info, small)));
    return sensitivityOf(
      totals.filter((kind) => kind !== null),
      coverage,
    );
  }
}

function addBelow(into: PlaceTally, node: PrefixNode<PlaceTally> | null): void {
  if (node === null) return;
  into.merge(node.data);
  for (const child of node.children.values()) addBelow(into, child);
}
