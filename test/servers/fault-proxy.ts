import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { listening, type StopHandle } from './server-process.ts';

export interface SeenRequest {
  method: string;
  /** Path and query as sent. */
  url: string;
  headers: IncomingMessage['headers'];
  /** Of the answer the client got; absent while there is none. */
  status?: number;
}

/** What goes wrong. `afterBytes` counts body bytes that still reach the client. */
export type FaultKind =
  /** The connection is reset. */
  | { kind: 'reset'; afterBytes: number }
  /** Nothing more comes; the connection stays open. */
  | { kind: 'stall'; afterBytes: number }
  /** The connection ends as if all were well, before the announced length. */
  | { kind: 'truncate'; afterBytes: number }
  /** The announced length is this one, and so much comes. */
  | { kind: 'short'; afterBytes: number }
  /** The server is not asked; S3's error document with this code comes back. */
  | { kind: 'status'; status: number; code: string; message?: string; region?: string }
  /** One header of the answer is another one. */
  | { kind: 'header'; name: string; value: string }
  /** Runs before the request goes on to the server. */
  | { kind: 'before'; run: () => Promise<void> };

export type Fault = FaultKind & {
  /** Absent: every request. */
  when?: (request: SeenRequest) => boolean;
  /** Requests it hits; default 1. */
  times?: number;
};

/** An HTTP proxy in front of a server, where each fault hits the first requests that fit it. */
export interface FaultProxy extends StopHandle {
  endpoint: string;
  /** Everything that came through, also what a fault hit. */
  readonly seen: SeenRequest[];
  inject(fault: Fault): void;
  /** Body bytes of objects that were sent to clients. */
  bodyBytes(): number;
  /** Connections of clients that are open. */
  connections(): Promise<number>;
  /** Forgets faults and requests. */
  clear(): void;
}

/** `target`: `http://127.0.0.1:port`. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const faults: { fault: Fault; left: number }[] = [];
  const seen: SeenRequest[] = [];
  let bodyBytes = 0;

  function takeFault(seenRequest: SeenRequest): Fault | undefined {
    const entry = faults.find(({ fault, left }) => left > 0 && (fault.when?.(seenRequest) ?? true));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    return entry.fault;
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const seenRequest: SeenRequest = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
    };
    seen.push(seenRequest);
    const fault = takeFault(seenRequest);
    if (fault?.kind === 'status') {
      incoming.resume();
      seenRequest.status = fault.status;
      outgoing.writeHead(fault.status, { 'content-type': 'application/xml' });
      outgoing.end(errorDocument(fault));
      return;
    }
    if (fault?.kind === 'before') await fault.run();
    // The Host header goes on as it came: it is part of the signature.
    const forwarded = request(target + seenRequest.url, { method: seenRequest.method, headers: incoming.headers });
    incoming.pipe(forwarded);
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
    if (answer.statusCode !== undefined) seenRequest.status = answer.statusCode;
    const headers = { ...answer.headers };
    if (fault?.kind === 'header') headers[fault.name] = fault.value;
    if (fault?.kind === 'short') headers['content-length'] = String(fault.afterBytes);
    outgoing.writeHead(answer.statusCode ?? 502, headers);
    const count = (chunk: Buffer): void => {
      if (incoming.headers.range !== undefined) bodyBytes += chunk.length;
    };
    if (fault !== undefined && 'afterBytes' in fault) await breakBody(answer, outgoing, fault, count);
    else answer.on('data', count).pipe(outgoing);
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const port = await listening(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    seen,
    inject: (fault) => faults.push({ fault, left: fault.times ?? 1 }),
    bodyBytes: () => bodyBytes,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
    clear() {
      bodyBytes = 0;
      faults.length = 0;
      seen.length = 0;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function errorDocument({ code, message = 'injected', region }: FaultKind & { kind: 'status' }): string {
  const hint = region === undefined ? '' : `<Region>${region}</Region>`;
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${hint}</Error>`;
}

async function breakBody(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  fault: { kind: 'reset' | 'stall' | 'truncate' | 'short'; afterBytes: number },
  count: (part: Buffer) => void,
): Promise<void> {
  let left = fault.afterBytes;
  outgoing.flushHeaders();
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    const part = chunk.subarray(0, left);
    left -= part.length;
    count(part);
    await new Promise((done) => outgoing.write(part, done));
    if (left === 0) break;
  }
  answer.destroy();
  await turn();
  if (fault.kind === 'reset') outgoing.socket?.resetAndDestroy();
  if (fault.kind === 'truncate') outgoing.socket?.end();
  if (fault.kind === 'short') outgoing.end();
}
