interface Waiter {
  count: number;
  grant: () => void;
}

/**
 * A counting semaphore, first come first served, so that a taker of all permits is not overtaken for ever: with all of
 * them it runs alone in the process.
 */
export class Permits {
  readonly total: number;
  private free: number;
  private readonly waiting: Waiter[] = [];

  constructor(total: number) {
    this.total = total;
    this.free = total;
  }

  /** Runs `work` with `count` permits. Throws the signal's reason when it is aborted before the permits are there. */
  async use<T>(count: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    await this.take(count);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.free += count;
      this.grantNext();
    }
  }

  private take(count: number): Promise<void> {
    return new Promise((grant) => {
      this.waiting.push({ count, grant });
      this.grantNext();
    });
  }

  private grantNext(): void {
    for (;;) {
      const next = this.waiting[0];
      if (next === undefined || next.count > this.free) return;
      this.waiting.shift();
      this.free -= next.count;
      next.grant();
    }
  }
}
