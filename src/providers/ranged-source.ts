import type { Readable } from 'node:stream';
import { AssayError } from '../errors.ts';
import type { ByteSource } from '../model/byte-source.ts';
import type { RetryBudget, StoreCalls, StoreOperation } from './store-calls.ts';
import { BrokenBody } from './store-errors.ts';
import { hasCome, watchBody } from './watch-body.ts';

const RANGE_BYTES = 16 * 1024 * 1024;

/** How one version of one object is asked for. */
export interface RangeReader {
  byteLength: number;
  operation: StoreOperation;
  /** The body of bytes [start, end); throws `AssayError` when the answer is of another version or place. */
  openRange(start: number, end: number): Promise<Readable>;
  /** Looks at a failure before it is counted: true asks again at once. May throw `AssayError`. */
  recover?(error: unknown): Promise<boolean>;
}

/** The body of an answer that `check` lets pass; what it throws ends the body. */
export function checkedBody<Body extends Readable>(body: Body, check: () => void): Body {
  // An error between the events of two listeners would end the process.
  body.on('error', () => {});
  try {
    check();
  } catch (error) {
    body.destroy();
    throw error;
  }
  return body;
}

/** Of `Content-Range`: the first byte of the answer, and the length of the whole. Nothing when it is not there. */
export function contentRange(header: string | undefined): { first?: number; total?: number } {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(header ?? '') ?? [];
  return first === undefined ? {} : { first: Number(first), total: Number(total) };
}

/** Ranged reads of one version, resumed where they break. */
export class RangedSource implements ByteSource {
  readonly byteLength: number;
  private readonly calls: StoreCalls;
  private readonly reader: RangeReader;
  private readonly signal: AbortSignal | undefined;
  private readonly open = new Set<Readable>();
  private isClosed = false;

  constructor(calls: StoreCalls, reader: RangeReader, signal: AbortSignal | undefined) {
    this.calls = calls;
    this.reader = reader;
    this.signal = signal;
    this.byteLength = reader.byteLength;
  }

  async *stream(start = 0, end = this.byteLength): AsyncGenerator<Buffer> {
    this.checkRange(start, end);
    const { calls, reader, signal } = this;
    const retries = calls.retries(reader.operation, signal);
    let at = start;
    while (at < end) {
      const until = Math.min(end, at + (calls.options.rangeBytes ?? RANGE_BYTES));
      let body: Readable | undefined;
      try {
        body = await reader.openRange(at, until);
        this.open.add(body);
        calls.hold(body);
        for await (const chunk of watchBody(body, calls.idleTimeoutMs, signal)) {
          // More than was asked for.
          if (at === until) break;
          const bytes = chunk.length > until - at ? chunk.subarray(0, until - at) : chunk;
          at += bytes.length;
          calls.counters.bytes += bytes.length;
          retries.progress(bytes.length);
          yield bytes;
          if (at === until && !hasCome(body)) break;
        }
        if (at < until) throw new BrokenBody(`body ended ${until - at} bytes early`);
      } catch (error) {
        await this.failed(error, retries);
      } finally {
        this.release(body);
      }
    }
  }

  async read(start: number, end: number): Promise<Buffer> {
    this.checkRange(start, end);
    const bytes = Buffer.allocUnsafeSlow(end - start);
    let at = 0;
    for await (const chunk of this.stream(start, end)) at += chunk.copy(bytes, at);
    return bytes;
  }

  async verify(): Promise<void> {}

  async close(): Promise<void> {
    this.isClosed = true;
    for (const body of this.open) this.release(body);
  }

  private async failed(error: unknown, retries: RetryBudget): Promise<void> {
    const { name } = this.reader.operation;
    if (this.isClosed) throw new AssayError('cancelled', `${name}: the object was closed while it was read`);
    if ((await this.reader.recover?.(error)) === true) return;
    await retries.failed(error);
  }

  private release(body: Readable | undefined): void {
    if (body === undefined) return;
    this.open.delete(body);
    this.calls.release(body);
  }

  private checkRange(start: number, end: number): void {
    if (start >= 0 && start <= end && end <= this.byteLength) return;
    throw new RangeError(`bytes ${start} to ${end} of an object of ${this.byteLength}`);
  }
}
