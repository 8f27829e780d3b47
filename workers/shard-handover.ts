/** One call to the queue costs 15 ms on an embedded database, however many jobs it adds. */
const PAUSE_MS = 50;

/**
 * Hands shards to the queue beside the listing that makes them: the first at once, later ones together, a while after
 * the last call. What a killed process has not handed over is open in the ledger.
 */
export class ShardHandover {
  private readonly addShards: (shardIds: string[]) => Promise<void>;
  private waiting: string[] = [];
  private running: Promise<void> | null = null;
  private failure: { error: unknown } | null = null;
  private readonly ended = Promise.withResolvers<void>();

  constructor(addShards: (shardIds: string[]) => Promise<void>) {
    this.addShards = addShards;
  }

  /** Throws the error of an earlier call to the queue. */
  add(shardIds: string[]): void {
    if (this.failure !== null) throw this.failure.error;
    this.waiting.push(...shardIds);
    this.running ??= this.drain();
  }

  /** Resolves when everything is in the queue. Throws when that failed. */
  async end(): Promise<void> {
    this.ended.resolve();
    await this.running;
    if (this.failure !== null) throw this.failure.error;
  }

  /** Resolves when no call is under way any more; what waits is not handed over. */
  async drop(): Promise<void> {
    this.waiting = [];
    this.ended.resolve();
    await this.running;
  }

  private async drain(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const shardIds = this.waiting;
        this.waiting = [];
        await this.addShards(shardIds);
        await this.pause();
      }
    } catch (error) {
      this.failure = { error };
    } finally {
      this.running = null;
    }
  }

  private async pause(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PAUSE_MS);
    });
    await Promise.race([over, this.ended.promise]);
    clearTimeout(timer);
  }
}
