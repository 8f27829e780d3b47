import { createServer, type IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { listening } from '../servers/server-process.ts';

export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A management API in this process; each path answers in turn, the last answer again and again. */
export async function startManagement(t: TestContext, answers: Record<string, Answer[]>) {
  const seen: { url: string; method: string | undefined; authorization: string | undefined }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://api.invalid');
    seen.push({ url: request.url ?? '', method: request.method, authorization: request.headers.authorization });
    const left = answers[pathname + (search.includes('page=2') ? '#2' : '')] ?? [{ status: 404 }];
    const { status = 200, body = {}, headers = {} } = (left.length > 1 ? left.shift() : left[0]) ?? {};
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  const port = await listening(server);
  t.after(() => server.close());
  return { endpoint: `http://127.0.0.1:${port}`, seen };
}
