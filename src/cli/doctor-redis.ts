import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const TIMEOUT_MS = 5000;

export interface RedisProbe {
  /** `Redis 7.0.15` or `Valkey 8.0.1`. */
  server: string;
  /** Null: the server does not tell (managed services hide it). */
  policy: string | null;
}

/** Looks at a Redis or Valkey server in its own protocol (RESP2), without a client. Throws on a refusal or silence. */
export async function probeRedis(address: string): Promise<RedisProbe> {
  const url = new URL(address);
  const port = Number(url.port || 6379);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = url.protocol === 'rediss:' ? connectTls({ host, port, servername: host }) : connect({ host, port });
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })));
  try {
    if (url.password !== '') {
      const [user, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
      await ask(socket, user === '' ? ['AUTH', password] : ['AUTH', user, password]);
    }
    const info = await ask(socket, ['INFO', 'server']);
    const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
    const valkey = field('valkey_version');
    const policy = await ask(socket, ['CONFIG', 'GET', 'maxmemory-policy']).catch(() => null);
    return {
      server: valkey === undefined ? `Redis ${field('redis_version') ?? 'of unknown version'}` : `Valkey ${valkey}`,
      policy: policy === null ? null : (/([a-z]+-?[a-z]+)\s*$/.exec(policy)?.[1] ?? null),
    };
  } finally {
    socket.destroy();
  }
}

/** The text of the reply; the two strings of `CONFIG GET` stand on lines of their own. */
function ask(socket: Socket, words: string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let bytes = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    bytes = Buffer.concat([bytes, chunk]);
    const reply = readReply(bytes, 0);
    if (reply === null) return;
    if (reply.isError) reject(Object.assign(new Error('refused'), { code: reply.text.split(' ')[0] }));
    else resolve(reply.text);
  };
  const onClose = (): void => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  socket.on('data', onData).once('error', reject).once('close', onClose);
  socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
  return promise.finally(() => socket.off('data', onData).off('error', reject).off('close', onClose));
}

/** Null: not all of it has come. `end` is where the next reply begins. */
function readReply(bytes: Buffer, from: number): { text: string; isError: boolean; end: number } | null {
  const lineEnd = bytes.indexOf('\r\n', from);
  if (lineEnd < 0) return null;
  const line = bytes.toString('utf8', from + 1, lineEnd);
  const next = lineEnd + 2;
  const kind = String.fromCharCode(bytes[from] as number);
  if (kind === '$') {
    const end = next + Math.max(0, Number(line));
    if (Number(line) < 0) return { text: '', isError: false, end: next };
    return bytes.length < end + 2 ? null : { text: bytes.toString('utf8', next, end), isError: false, end: end + 2 };
  }
  if (kind !== '*') return { text: line, isError: kind === '-', end: next };
  const texts: string[] = [];
  let end = next;
  for (let item = 0; item < Number(line); item++) {
    const reply = readReply(bytes, end);
    if (reply === null) return null;
    texts.push(reply.text);
    end = reply.end;
  }
  return { text: texts.join('\n'), isError: false, end };
}
