import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { ObjectRef } from '../model/object.ts';
import type { GcsCalls } from './gcs-calls.ts';
import { GcsFailure } from './gcs-errors.ts';
import { checkedBody, contentRange, type RangeReader } from './ranged-source.ts';
import type { StoreOperation } from './store-calls.ts';
import { storeError } from './store-errors.ts';

export const READ_CALL = 'storage.objects.get';

/** Ranged reads of one generation: where old generations are kept, a new upload in the middle does no harm. */
export class GenerationReader implements RangeReader {
  readonly byteLength: number;
  readonly operation: StoreOperation;
  private readonly calls: GcsCalls;
  private readonly object: ObjectRef;
  private readonly signal: AbortSignal | undefined;

  constructor(calls: GcsCalls, object: ObjectRef, signal: AbortSignal | undefined) {
    this.calls = calls;
    this.object = object;
    this.signal = signal;
    this.byteLength = object.byteLength;
    this.operation = { name: READ_CALL, bucket: object.bucket.uri, permission: READ_CALL, isObject: true };
  }

  async openRange(start: number, end: number): Promise<Readable> {
    const { object, calls, signal } = this;
    const url = this.url({ alt: 'media', generation: object.version });
    // Accept-Encoding keeps the store from decompressing objects that are stored with Content-Encoding: gzip.
    const headers = { range: `bytes=${start}-${end - 1}`, 'accept-encoding': 'gzip' };
    try {
      const body = await calls.once(object.bucket.uri, signal, (inner) => calls.head(url, inner, headers));
      return checkedBody(body, () => this.checkAnswer(body, start));
    } catch (error) {
      if (error instanceof GcsFailure && error.status === 404) await this.explainMissing();
      throw error;
    }
  }

  /** A generation that is gone may have been replaced: then there is another one under the name. */
  private async explainMissing(): Promise<void> {
    const { calls, object, signal } = this;
    const url = this.url({ fields: 'generation' });
    const { generation } = await calls.once(object.bucket.uri, signal, (inner) =>
      calls.answer<{ generation?: string }>(url, inner),
    );
    if (generation !== object.version) throw storeError(this.operation, 'object-changed');
  }

  /** A store, or a cache before it, may ignore generation, range or encoding. */
  private checkAnswer({ headers, statusCode }: IncomingMessage, start: number): void {
    const { first = 0, total } = contentRange(headers['content-range']);
    const stored = headers['x-goog-stored-content-encoding'];
    if (stored !== undefined && (stored === 'gzip') !== (headers['content-encoding'] === 'gzip')) {
      throw storeError(this.operation, 'network', 'the store changes the encoding of the object on its way');
    }
    const given = headers['x-goog-generation'];
    const byteLength = total ?? (statusCode === 206 ? undefined : headers['content-length']);
    if (given !== undefined && given !== this.object.version) throw storeError(this.operation, 'object-changed');
    if (byteLength !== undefined && Number(byteLength) !== this.byteLength)
      throw storeError(this.operation, 'object-changed');
    if (first !== start) throw storeError(this.operation, 'network', 'the store ignores ranges');
  }

  private url(query: Record<string, string>): string {
    return this.calls.url(this.object.bucket, `/o/${encodeURIComponent(this.object.key)}`, query);
  }
}
