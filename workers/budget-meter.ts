import { type Budget, type BudgetEnd, NOTHING_SPENT, type Spent } from '../src/model/budget.ts';
import type { Ledger } from '../src/model/ledger.ts';
import type { ObjectRef, ProviderName } from '../src/model/object.ts';
import { readRequests } from '../src/plan/object-requests.ts';
import { type Prices, pricesOf } from '../src/plan/prices.ts';

/** Other workers of a fleet learn this late of what was spent here. */
const TELL_MS = 1000;
/** `setTimeout` takes no longer time; nobody scans for 24 days without starting again. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface BudgetMeterOptions {
  budget: Budget;
  ledger: Pick<Ledger, 'spend'>;
  scanId: string;
  /** By this scan before, in the ledger. */
  spent: Spent;
  /** RFC 3339; the time of the budget counts from here. */
  takenUpAt: string;
  providerOptions: Readonly<Record<string, unknown>>;
  /** Requests for listings and exposure that this process has made so far. */
  otherRequests: () => number;
}

/** What a process asks before it reads, so that a scan ends within its budget. The sum over all processes is in the ledger. */
export class BudgetMeter {
  /** Aborts when the time is over. */
  readonly late: AbortSignal;
  private readonly options: BudgetMeterOptions;
  private readonly timer: NodeJS.Timeout | undefined;
  private known: Spent;
  /** Read, and not yet in the ledger. */
  private untold: Spent = { ...NOTHING_SPENT };
  /** On its way there. */
  private readonly underWay: Spent = { ...NOTHING_SPENT };
  /** What is being read may come to. */
  private readonly reserved: Spent = { ...NOTHING_SPENT };
  private otherRequests = 0;
  private toldAt = 0;
  private telling: Promise<void> = Promise.resolve();
  private end: BudgetEnd | null = null;

  constructor(options: BudgetMeterOptions) {
    this.options = options;
    this.known = options.spent;
    const late = new AbortController();
    this.late = late.signal;
    const { maxTimeMs } = options.budget;
    if (maxTimeMs === null) return;
    const left = Date.parse(options.takenUpAt) + maxTimeMs - Date.now();
    const ring = (): void => {
      this.end ??= 'time';
      late.abort();
    };
    if (left <= 0) ring();
    else if (left <= MAX_TIMER_MS) this.timer = setTimeout(ring, left).unref();
  }

  /** What is used up; null: the scan may go on. */
  get spentUp(): BudgetEnd | null {
    return this.end;
  }

  /** Whether another page of a listing may be asked for. */
  mayList(): boolean {
    const { list } = this.price('aws-s3');
    this.end ??= this.exceeded({ bytes: 0, requests: 1, cost: list });
    return this.end === null;
  }

  /** How many of these objects, from the first on, may be read; they are then counted as if they were. */
  reserve(objects: readonly ObjectRef[]): number {
    if (this.end !== null) return 0;
    for (const [index, object] of objects.entries()) {
      const wanted = this.estimate(object);
      const end = this.exceeded(wanted);
      if (end !== null) {
        this.end ??= end;
        return index;
      }
      add(this.reserved, wanted, 1);
    }
    return objects.length;
  }

  /** Reserved objects were read, with so many bytes and requests; none, when they were given up. */
  settle(objects: readonly ObjectRef[], bytes: number, requests: number): void {
    for (const object of objects) add(this.reserved, this.estimate(object), -1);
    const [first] = objects;
    if (first === undefined) return;
    const price = this.price(first.bucket.provider);
    add(this.untold, { bytes, requests, cost: this.costOf(price, bytes) + requests * price.read }, 1);
  }

  /** Brings ledger and meter together, at most once a second unless `now`. */
  async tell(now = false): Promise<void> {
    if (!this.isBounded || (!now && performance.now() - this.toldAt < TELL_MS)) return;
    this.telling = this.telling.catch(() => {}).then(() => this.tellOnce());
    await this.telling;
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.tell(true);
  }

  private get isBounded(): boolean {
    const { maxBytes, maxRequests, maxCost, maxTimeMs } = this.options.budget;
    return maxBytes !== null || maxRequests !== null || maxCost !== null || maxTimeMs !== null;
  }

  private async tellOnce(): Promise<void> {
    this.countOthers();
    const more = this.untold;
    this.untold = { ...NOTHING_SPENT };
    this.toldAt = performance.now();
    add(this.underWay, more, 1);
    try {
      this.known = await this.options.ledger.spend(this.options.scanId, more);
    } catch (error) {
      add(this.untold, more, 1);
      throw error;
    } finally {
      add(this.underWay, more, -1);
    }
    this.end ??= this.exceeded(NOTHING_SPENT);
  }

  private countOthers(): void {
    const requests = this.options.otherRequests() - this.otherRequests;
    this.otherRequests += requests;
    add(this.untold, { bytes: 0, requests, cost: requests * this.price('aws-s3').list }, 1);
  }

  /** What would be used up by this as well. */
  private exceeded(wanted: Spent): BudgetEnd | null {
    this.countOthers();
    const { maxBytes, maxRequests, maxCost } = this.options.budget;
    const sum = (name: keyof Spent): number =>
      this.known[name] + this.underWay[name] + this.untold[name] + this.reserved[name] + wanted[name];
    if (maxBytes !== null && sum('bytes') > maxBytes) return 'bytes';
    if (maxRequests !== null && sum('requests') > maxRequests) return 'requests';
    return maxCost !== null && sum('cost') > maxCost ? 'cost' : null;
  }

  private estimate({ bucket, byteLength }: ObjectRef): Spent {
    const price = this.price(bucket.provider);
    const requests = bucket.provider === 'filesystem' ? 0 : readRequests(byteLength);
    return { bytes: byteLength, requests, cost: this.costOf(price, byteLength) + requests * price.read };
  }

  private costOf(price: Prices, bytes: number): number {
    return bytes * price.byte[this.options.budget.transfer];
  }

  private price(provider: ProviderName): Prices {
    const { region } = this.options.providerOptions;
    return pricesOf(provider, typeof region === 'string' ? region : null, this.options.providerOptions);
  }
}

function add(into: Spent, more: Spent, sign: 1 | -1): void {
  into.bytes += sign * more.bytes;
  into.requests += sign * more.requests;
  into.cost += sign * more.cost;
}
