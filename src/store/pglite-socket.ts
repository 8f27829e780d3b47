import { Duplex } from 'node:stream';
import { BatchSplitter } from './wire.ts';

/** The way to the database's thread and back, shared by all sockets. */
export interface ThreadLink {
  /** Answer to a client's startup frame. */
  greeting(): Uint8Array;
  attach(socket: PgliteSocket): number;
  detach(client: number): void;
  send(client: number, batch: Buffer): void;
}

/**
 * What a `pg` client takes for its TCP socket: everything above it (types, errors, prepared statements, pooling) is
 * then the same code as with a PostgreSQL server.
 */
export class PgliteSocket extends Duplex {
  readonly #link: ThreadLink;
  readonly #splitter = new BatchSplitter();
  #client: number | null = null;
  #isGreeted = false;

  constructor(link: ThreadLink) {
    super({ allowHalfOpen: false });
    this.#link = link;
  }

  connect(): this {
    queueMicrotask(() => {
      try {
        this.#client = this.#link.attach(this);
        this.emit('connect');
      } catch (error) {
        this.destroy(error as Error);
      }
    });
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  /** What the thread answered: whole frames. */
  receive(bytes: Uint8Array): void {
    this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#forward(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#forward(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  #forward(bytes: Buffer): void {
    for (const batch of this.#splitter.push(bytes)) {
      if (!this.#isGreeted) {
        this.#isGreeted = true;
        this.receive(this.#link.greeting());
      } else if (this.#client !== null) {
        this.#link.send(this.#client, batch);
      }
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#client !== null) this.#link.detach(this.#client);
    this.#client = null;
    done(error);
  }
}
