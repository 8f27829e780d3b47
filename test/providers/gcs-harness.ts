import { once } from 'node:events';
import { createServer } from 'node:http';
import type { BucketRef } from '../../src/model/object.ts';
import { GcsProvider } from '../../src/providers/gcs.ts';
import type { GcsOptions } from '../../src/providers/gcs-options.ts';
import type { FakeGcs } from '../servers/fake-gcs.ts';
import type { SeenRequest } from '../servers/fault-proxy.ts';
import { listening, type StopHandle } from '../servers/server-process.ts';

let buckets = 0;

export function gcsBucket(name: string): BucketRef {
  return { provider: 'gcs', uri: `gs://${name}`, name };
}

/** A fresh bucket of the server. */
export async function newGcsBucket(server: FakeGcs, settings: object = {}): Promise<BucketRef> {
  buckets += 1;
  const name = `bucket-${process.pid}-${buckets}`;
  await server.createBucket(name, settings);
  return gcsBucket(name);
}

/** As the product makes it, with short pauses between tries. */
export function gcsProvider(endpoint: string, options: GcsOptions = {}): GcsProvider {
  return new GcsProvider({ endpoint, retryBaseMs: 1, ...options });
}

export interface Answer {
  status?: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** Google's APIs as far as `answer` knows them; everything else is 404. Sees and says what emulators cannot. */
export interface GoogleStub extends StopHandle {
  endpoint: string;
  readonly seen: SeenRequest[];
}

export async function startGoogleStub(
  answer: (path: string, query: URLSearchParams) => Answer | undefined,
): Promise<GoogleStub> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    incoming.resume();
    const {
      status = 200,
      body,
      headers: more = {},
    } = answer(url.split('?')[0] ?? '', new URLSearchParams(url.split('?')[1])) ?? denied(404, 'notFound', 'Not Found');
    seen.push({ method, url, headers, status });
    outgoing.writeHead(status, { 'content-type': 'application/json', ...more });
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  const port = await listening(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An error as Google answers it. */
export function denied(status: number, reason: string, message: string): Answer {
  return { status, body: { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } } };
}
