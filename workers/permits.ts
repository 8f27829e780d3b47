interface Waiter {
  count: number;
  grant: () => void;
}

/**
 * A counting semaphore. Those who wait for it in the same `line` are served first come first served, lines take turns: a
 * small scan does not wait for all that a large one has asked for before. A taker of all permits is not overtaken when
 * its line has its turn: with all of them it runs alone in the process.
 */
export class Permits {
  readonly total: number;
  private free: number;
  /** The line whose turn it is comes first. */
  private readonly lines = new Map<string, Waiter[]>();

  constructor(total: number) {
    this.total = total;
    this.free = total;
  }

  /** Runs `work` with `count` permits. Throws the signal's reason when it is aborted before the permits are there. */
  async use<T>(count: number, signal: AbortSignal, work: () => Promise<T>, line = ''): Promise<T> {
    signal.throwIfAborted();
    await this.take(count, line);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.free += count;
      this.grantNext();
    }
  }

  private take(count: number, line: string): Promise<void> {
    return new Promise((grant) => {
      const waiting = this.lines.get(line);
      if (waiting === undefined) this.lines.set(line, [{ count, grant }]);
      else waiting.push({ count, grant });
      this.grantNext();
    });
  }

  private grantNext(): void {
    // A line that is put back at the end comes round again in the same loop.
    for (const [line, waiting] of this.lines) {
      const [next] = waiting;
      if (next === undefined || next.count > this.free) return;
      waiting.shift();
      this.lines.delete(line);
      if (waiting.length > 0) this.lines.set(line, waiting);
      this.free -= next.count;
      next.grant();
    }
  }
}
