import type { Transfer } from '../model/budget.ts';
import { TRANSFERS } from '../model/budget.ts';
import type { BucketRef, ObjectRef } from '../model/object.ts';
import { formatOfName } from './format-of-name.ts';
import { readRequests } from './object-requests.ts';
import { PRICE_SOURCES, PRICES_AS_OF, type Prices } from './prices.ts';
import { SPEEDS_AS_OF, scanSeconds } from './speeds.ts';

/** Of a page of the media's head alone. */
const MEDIA_BYTES = 64 * 1024;
/** Calls that ask who can reach a bucket. */
const EXPOSURE_REQUESTS = 12;

export interface Amount {
  objects: number;
  bytes: number;
}

/** `assay.plan/v1`: what a scan of the same targets would do now. */
export interface Plan {
  schema: 'assay.plan/v1';
  targets: string[];
  /** listed = read + reused + skipped. */
  listed: Amount;
  read: Amount;
  /** Read completely by an earlier scan; null: the ledger could not be asked. */
  reused: Amount | null;
  /** By reason, as in the coverage of a report. */
  skipped: Record<string, Amount>;
  /** Of what would be read, by its name. */
  formats: Record<string, Amount>;
  requests: { list: number; read: number; exposure: number; total: number };
  cost: {
    currency: 'USD';
    total: number;
    requests: number;
    /** Of all bytes, by where they would go. */
    transfer: Record<Transfer, number>;
    /** What `total` counts. */
    to: Transfer;
    pricesAsOf: string;
    sources: readonly string[];
    /** Stores whose prices are not known count as free. */
    unpriced: string[];
  };
  time: { seconds: number; threads: number; speedsAsOf: string };
  buckets: ({ uri: string; error?: string } & Amount)[];
  result: { incomplete: boolean; reasons: string[] };
}

/** Adds up what a scan would read, in memory that grows with buckets and formats alone. */
export class PlanCount {
  readonly listed: Amount = { objects: 0, bytes: 0 };
  private readonly read: Amount = { objects: 0, bytes: 0 };
  private readonly reused: Amount = { objects: 0, bytes: 0 };
  private readonly skipped = new Map<string, Amount>();
  private readonly formats = new Map<string, Amount>();
  private readonly buckets = new Map<string, Amount & { uri: string; error?: string }>();
  private readonly unpriced = new Set<string>();
  private readonly requests = { list: 0, read: 0, exposure: 0 };
  private requestCost = 0;
  private readonly transfer: Record<Transfer, number> = { 'same-region': 0, 'other-region': 0, internet: 0 };

  /** Of one page of a listing: every object and what a scan would do with it. */
  addPage(
    bucket: BucketRef,
    objects: readonly ObjectRef[],
    fates: readonly ('read' | 'reused' | string)[],
    prices: Prices,
  ): void {
    if (bucket.provider !== 'filesystem') this.request('list', 1, prices.list);
    const here = this.bucket(bucket);
    for (const [at, object] of objects.entries()) {
      add(this.listed, object.byteLength);
      const fate = fates[at] ?? 'read';
      if (fate === 'reused') add(this.reused, object.byteLength);
      else if (fate !== 'read') add(entry(this.skipped, fate), object.byteLength);
      else {
        add(here, object.byteLength);
        this.addRead(object, prices);
      }
    }
  }

  /** A bucket that is looked at, whether anything is in it or not. */
  addBucket(bucket: BucketRef, prices: Prices, isPriced: boolean): void {
    if (this.buckets.has(bucket.uri)) return;
    this.bucket(bucket);
    if (bucket.provider === 'filesystem') return;
    this.request('exposure', EXPOSURE_REQUESTS, prices.list);
    if (!isPriced) this.unpriced.add(bucket.uri);
  }

  fail(bucket: BucketRef, error: string): void {
    this.bucket(bucket).error = error;
  }

  plan(options: {
    targets: string[];
    transfer: Transfer;
    threads: number;
    knowsReuse: boolean;
    allowEmpty: boolean;
  }): Plan {
    const { targets, transfer, threads, knowsReuse, allowEmpty } = options;
    const seconds = [...this.formats].reduce(
      (sum, [format, { objects, bytes }]) => sum + scanSeconds(format, objects, bytes),
      0,
    );
    const { list, read, exposure } = this.requests;
    const buckets = [...this.buckets.values()];
    const reasons = buckets.flatMap(({ uri, error }) =>
      error === undefined ? [] : [`${uri} cannot be listed: ${error}`],
    );
    if (this.listed.objects === 0 && !allowEmpty) reasons.push('nothing was listed');
    return {
      schema: 'assay.plan/v1',
      targets,
      listed: this.listed,
      read: this.read,
      reused: knowsReuse ? this.reused : null,
      skipped: sorted(this.skipped),
      formats: sorted(this.formats),
      requests: { list, read, exposure, total: list + read + exposure },
      cost: {
        currency: 'USD',
        total: this.requestCost + this.transfer[transfer],
        requests: this.requestCost,
        transfer: this.transfer,
        to: transfer,
        pricesAsOf: PRICES_AS_OF,
        sources: PRICE_SOURCES,
        unpriced: [...this.unpriced],
      },
      time: { seconds: seconds / threads, threads, speedsAsOf: SPEEDS_AS_OF },
      buckets,
      result: { incomplete: reasons.length > 0, reasons },
    };
  }

  private addRead({ bucket, key, byteLength }: ObjectRef, prices: Prices): void {
    const format = formatOfName(key);
    add(this.read, byteLength);
    add(entry(this.formats, format), byteLength);
    const bytes = format === 'media' ? Math.min(byteLength, MEDIA_BYTES) : byteLength;
    if (bucket.provider !== 'filesystem') this.request('read', readRequests(bytes), prices.read);
    for (const place of TRANSFERS) this.transfer[place] += bytes * prices.byte[place];
  }

  private request(kind: 'list' | 'read' | 'exposure', count: number, price: number): void {
    this.requests[kind] += count;
    this.requestCost += count * price;
  }

  private bucket({ uri }: BucketRef): Amount & { uri: string; error?: string } {
    let bucket = this.buckets.get(uri);
    if (bucket === undefined) {
      bucket = { uri, objects: 0, bytes: 0 };
      this.buckets.set(uri, bucket);
    }
    return bucket;
  }
}

function add(into: Amount, bytes: number): void {
  into.objects += 1;
  into.bytes += bytes;
}

function entry(amounts: Map<string, Amount>, name: string): Amount {
  let amount = amounts.get(name);
  if (amount === undefined) {
    amount = { objects: 0, bytes: 0 };
    amounts.set(name, amount);
  }
  return amount;
}

function sorted(amounts: ReadonlyMap<string, Amount>): Record<string, Amount> {
  return Object.fromEntries([...amounts].sort(([, a], [, b]) => b.bytes - a.bytes));
}
