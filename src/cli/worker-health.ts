import { once } from 'node:events';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AssayError } from '../errors.ts';

const READY_MS = 5000;

export interface Health {
  close(): Promise<void>;
}

/**
 * `GET /health`: the process answers, with the longest delay of its event loop since the last question. `GET /ready`: 200
 * when `ready` resolves in time, else 503. Throws `AssayError` `config` when the port cannot be opened.
 */
export async function serveHealth(port: number, host: string, ready: () => Promise<void>): Promise<Health> {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
    };
    if (request.method !== 'GET') answer(405, { status: 'method not allowed' });
    else if (request.url === '/health') {
      answer(200, { status: 'ok', eventLoopLagMs: Math.round(delay.max / 1e6) });
      delay.reset();
    } else if (request.url === '/ready') {
      inTime(ready()).then(
        () => answer(200, { status: 'ready' }),
        () => answer(503, { status: 'not ready' }),
      );
    } else answer(404, { status: 'not found' });
  });
  server.requestTimeout = 2 * READY_MS;
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new AssayError('config', `worker: port ${port} of ${host} cannot be opened`, { cause });
  }
  return {
    async close() {
      delay.disable();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function inTime(work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer in time')), READY_MS);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
