import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import type { ObjectRef } from '../../src/model/object.ts';
import { listening } from '../servers/server-process.ts';
import { s3Bucket, s3Provider } from './s3-harness.ts';

const SIZE = 100_000;

/** Answers every range of every key, and keeps connections open. */
async function startStore(answer: (response: ServerResponse, body: Buffer) => void) {
  let connections = 0;
  let closed = 0;
  const server = createServer((request, response) => {
    const [, start = '0', end = '0'] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const body = Buffer.alloc(Number(end) + 1 - Number(start), 'x');
    response.writeHead(206, {
      etag: '"v1"',
      'content-length': body.length,
      'content-range': `bytes ${start}-${end}/${SIZE}`,
    });
    answer(response, body);
  });
  server.on('connection', (socket) => {
    connections += 1;
    socket.on('close', () => {
      closed += 1;
    });
  });
  const port = await listening(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    connections: () => connections,
    closed: () => closed,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function object(key: string): ObjectRef {
  const lastModified = '2026-01-01T00:00:00Z';
  return { bucket: s3Bucket('some-bucket'), key, version: 'v1', byteLength: SIZE, lastModified };
}
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

test('objects that are read one after the other, in several ranges each, share one connection', async () => {
  const store = await startStore((response, body) => response.end(body));
  const provider = s3Provider(store, credentials, { rangeBytes: 30_000 });
  for (let at = 0; at < 10; at++) {
    const source = await provider.openObject(object(`k${at}`));
    assert.equal((await source.read(0, SIZE)).length, SIZE);
    await source.close();
  }
  assert.equal(store.connections(), 1);
  await provider.close?.();
  await store.stop();
});

test('an object that is left before its end closes its connection', async () => {
  const store = await startStore((response, body) => response.write(body.subarray(0, 1000)));
  const provider = s3Provider(store, credentials);
  const source = await provider.openObject(object('k'));
  for await (const chunk of source.stream()) {
    assert.ok(chunk.length > 0);
    break;
  }
  await source.close();
  while (store.closed() === 0) await new Promise(setImmediate);
  assert.equal(store.connections(), 1);
  await provider.close?.();
  await store.stop();
});
