import { createServer, type IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { listening } from './server-process.ts';

export interface Answer {
  status: number;
  body: string;
}

/**
 * The endpoint of a server that gives the answers that it is told to, by method, path and body of the request, and lets
 * the others through to `target`. It ends with the test.
 */
export async function standIn(
  t: TestContext,
  target: string,
  answer: (body: string, request: IncomingMessage) => Answer | null,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const own = answer(body.toString('utf8'), request);
    if (own !== null) {
      response.writeHead(own.status, {
        'content-type': own.body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.1',
      });
      response.end(own.body);
      return;
    }
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !/^(host|content-length|connection)$/.test(name)
        ? [[name, value] as [string, string]]
        : [],
    );
    const method = request.method ?? 'GET';
    const passed = await fetch(target + request.url, { method, headers, ...(body.length > 0 && { body }) });
    response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? 'text/xml' });
    response.end(Buffer.from(await passed.arrayBuffer()));
  });
  const port = await listening(server);
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}`;
}
