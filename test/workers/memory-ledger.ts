import type { BudgetEnd, Spent } from '../../src/model/budget.ts';
import type { Evidence } from '../../src/model/exposure.ts';
import type { Ledger, ListingState, NewScan, ObjectResult, ScanRow, ShardRow } from '../../src/model/ledger.ts';

/** A ledger that forgets: what a single run needs, for tests of one part. */
export class MemoryLedger implements Ledger {
  readonly scans = new Map<string, ScanRow>();
  readonly shards = new Map<string, ShardRow>();
  readonly saved = new Map<string, Map<number, ObjectResult>>();
  readonly listings = new Map<string, ListingState>();
  readonly evidence = new Map<string, { evidence: Evidence; collectedAt: string }>();
  readonly detectorSets = new Map<string, unknown>();
  reusable: Ledger['findReusable'] = async (objects) => objects.map(() => null);

  async createScan(scan: NewScan): Promise<void> {
    this.scans.set(scan.id, {
      ...scan,
      state: 'running',
      finishedAt: null,
      takenUpAt: scan.startedAt,
      spent: { bytes: 0, requests: 0, cost: 0 },
      budgetEnd: null,
    });
  }
  async findUnfinishedScan(signature: string): Promise<string | null> {
    return (
      [...this.scans.values()].findLast((scan) => scan.signature === signature && scan.state === 'running')?.id ?? null
    );
  }
  async getScan(scanId: string): Promise<ScanRow | null> {
    return this.scans.get(scanId) ?? null;
  }
  async finishScan(
    scanId: string,
    state: ScanRow['state'],
    finishedAt: string,
    budgetEnd: BudgetEnd | null = null,
  ): Promise<void> {
    const scan = this.scans.get(scanId);
    if (scan !== undefined) this.scans.set(scanId, { ...scan, state, finishedAt, budgetEnd });
  }
  async takeUpScan(scanId: string, config: unknown, takenUpAt: string): Promise<void> {
    const scan = this.scans.get(scanId);
    if (scan !== undefined) this.scans.set(scanId, { ...scan, state: 'running', config, takenUpAt, budgetEnd: null });
  }
  async spend(scanId: string, more: Spent): Promise<Spent> {
    const spent = this.scans.get(scanId)?.spent ?? { bytes: 0, requests: 0, cost: 0 };
    spent.bytes += more.bytes;
    spent.requests += more.requests;
    spent.cost += more.cost;
    return { ...spent };
  }
  async saveDetectorSet(digest: string, source: unknown): Promise<void> {
    this.detectorSets.set(digest, source);
  }
  async listing(scanId: string, targetIndex: number): Promise<ListingState> {
    return this.listings.get(`${scanId}/${targetIndex}`) ?? { cursor: null, complete: false, error: null };
  }
  async saveListing(
    scanId: string,
    targetIndex: number,
    page: Parameters<Ledger['saveListing']>[2],
  ): Promise<string[]> {
    const { cursor, complete, error } = page;
    this.listings.set(`${scanId}/${targetIndex}`, { cursor, complete, error: error ?? null });
    return page.shards.map((shard) => {
      const id = `shard${this.shards.size}`;
      this.shards.set(id, { ...shard, id, scanId, starts: shard.objects.map(() => 0) });
      return id;
    });
  }
  async openShards(scanId: string): Promise<string[]> {
    return [...this.shards.values()]
      .filter((shard) => shard.scanId === scanId && shard.outcomes.includes(null))
      .map(({ id }) => id);
  }
  async loadShard(shardId: string): Promise<ShardRow> {
    const shard = this.shards.get(shardId);
    if (shard === undefined) throw new RangeError(`no shard ${shardId}`);
    return structuredClone(shard);
  }
  async startObjects(shardId: string, indexes: number[]): Promise<number[]> {
    return this.addStarts(shardId, indexes, 1);
  }
  async unstartObjects(shardId: string, indexes: number[]): Promise<void> {
    this.addStarts(shardId, indexes, -1);
  }
  async saveObjects(shardId: string, results: ObjectResult[]): Promise<void> {
    const shard = this.shards.get(shardId);
    const saved = this.saved.get(shardId) ?? new Map<number, ObjectResult>();
    this.saved.set(shardId, saved);
    for (const result of results) {
      saved.set(result.index, result);
      if (shard !== undefined) shard.outcomes[result.index] = result.scan.outcome;
    }
  }
  findReusable: Ledger['findReusable'] = (objects, key) => this.reusable(objects, key);
  async saveExposure(_scanId: string, bucketUri: string, evidence: Evidence, collectedAt: string): Promise<void> {
    this.evidence.set(bucketUri, { evidence, collectedAt });
  }
  async exposures(scanId: string): ReturnType<Ledger['exposures']> {
    return (this.scans.get(scanId)?.targets ?? []).map(({ bucket }) => {
      const { evidence = null, collectedAt = null } = this.evidence.get(bucket.uri) ?? {};
      return { bucket, evidence, collectedAt };
    });
  }
  async counters(scanId: string): ReturnType<Ledger['counters']> {
    const shards = [...this.shards.values()].filter((shard) => shard.scanId === scanId);
    const listed = { objects: shards.reduce((sum, { objects }) => sum + objects.length, 0), bytes: 0 };
    const done = { objects: 0, bytes: 0, bytesRead: 0, bytesScanned: 0, reused: 0 };
    return { listed, listingComplete: false, done, outcomes: {}, formats: {}, suppressed: {} };
  }
  async *results(scanId: string): ReturnType<Ledger['results']> {
    for (const shard of this.shards.values()) {
      if (shard.scanId !== scanId) continue;
      for (const [index, object] of shard.objects.entries()) {
        const result = this.saved.get(shard.id)?.get(index);
        yield {
          object,
          outcome: shard.outcomes[index] ?? null,
          reused: result?.reused ?? false,
          scan: result?.scan ?? null,
        };
      }
    }
  }
  async close(): Promise<void> {}

  private addStarts(shardId: string, indexes: number[], by: number): number[] {
    const shard = this.shards.get(shardId);
    if (shard === undefined) throw new RangeError(`no shard ${shardId}`);
    return indexes.map((index) => {
      const count = (shard.starts[index] ?? 0) + by;
      shard.starts[index] = count;
      return count;
    });
  }
}
