import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { encodeCommand, ReplyReader } from './redis-protocol.ts';

export type Argument = string | number | Buffer;
export interface Script {
  sha: string;
  lua: string;
  keys: number;
}
interface Waiting {
  resolve(reply: unknown): void;
  reject(error: Error): void;
}

const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 2000;
/** BullMQ knows a lost connection by this text and tries again. */
const CLOSED = 'Connection is closed.';

/**
 * One connection to a Redis or Valkey server, made again whenever it is lost: commands given meanwhile wait, those under
 * way are rejected, since nobody knows whether they were carried out.
 */
export class RedisLink extends EventEmitter {
  status = 'connecting';
  readonly isCluster = false;
  readonly options: Record<string, unknown> = { maxRetriesPerRequest: null };
  protected readonly url: URL;
  protected readonly scripts = new Map<string, Script>();
  private socket: Socket | null = null;
  private unsent: { bytes: Buffer; waiting: Waiting[] }[] = [];
  private unanswered: Waiting[] = [];
  private pauseMs = FIRST_PAUSE_MS;
  private timer: NodeJS.Timeout | undefined;

  constructor(url: string) {
    super();
    this.url = new URL(url);
    this.setMaxListeners(0);
    this.open();
  }

  async connect(): Promise<void> {
    if (this.status === 'ready') return;
    if (this.status === 'end') {
      this.status = 'connecting';
      this.open();
    }
    await new Promise<void>((resolve) => void this.once('ready', resolve));
  }

  disconnect(reconnect = false): void {
    if (reconnect) {
      this.socket?.destroy();
      return;
    }
    if (this.status === 'end') return;
    this.status = 'end';
    clearTimeout(this.timer);
    this.socket?.destroy();
    this.socket = null;
    this.rejectAll();
    this.emit('close');
    this.emit('end');
  }

  async quit(): Promise<string> {
    this.disconnect();
    return 'OK';
  }

  defineCommand(name: string, { numberOfKeys, lua }: { numberOfKeys: number; lua: string }): void {
    this.scripts.set(name, { sha: createHash('sha1').update(lua).digest('hex'), lua, keys: numberOfKeys });
  }

  /** The script's hash, for a command that is sent together with `SCRIPT LOAD` of it. */
  script(name: string): Script {
    const script = this.scripts.get(name);
    if (script === undefined) throw new Error(`redis: no script ${name}`);
    return script;
  }

  /** One command; rejects with the server's refusal. */
  async send(...command: Argument[]): Promise<unknown> {
    const [reply] = await this.sendAll([command]);
    if (reply instanceof Error) throw reply;
    return reply;
  }

  /** Commands in one piece, answered one by one, refusals as values. Rejects when the connection is lost. */
  sendAll(commands: Argument[][]): Promise<unknown[]> {
    if (this.status === 'end') return Promise.reject(new Error(CLOSED));
    const waiting: Waiting[] = [];
    const replies = commands.map(
      () => new Promise<unknown>((resolve, reject) => void waiting.push({ resolve, reject })),
    );
    const bytes = Buffer.concat(commands.map(encodeCommand));
    if (this.status === 'ready' && this.socket !== null) this.write(this.socket, { bytes, waiting });
    else this.unsent.push({ bytes, waiting });
    return Promise.all(replies);
  }

  private open(): void {
    const { protocol, hostname, port } = this.url;
    const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) };
    const socket = protocol === 'rediss:' ? connectTls({ ...place, servername: place.host }) : connect(place);
    this.socket = socket;
    socket.setNoDelay(true).setKeepAlive(true, 10_000);
    const reader = new ReplyReader();
    let lastError: Error | null = null;
    socket.once(protocol === 'rediss:' ? 'secureConnect' : 'connect', () => void this.greet(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const reply of reader.read(chunk)) this.unanswered.shift()?.resolve(reply);
    });
    socket.on('error', (error) => {
      lastError = error;
    });
    socket.once('close', () => {
      if (this.socket === socket) this.lost(lastError);
    });
  }

  /** Who we are, and which database; then what has waited. */
  private async greet(socket: Socket): Promise<void> {
    const { username, password, pathname } = this.url;
    const user = username === '' ? [] : [decodeURIComponent(username)];
    const first: string[][] = [];
    if (password !== '') first.push(['AUTH', ...user, decodeURIComponent(password)]);
    if (pathname.length > 1) first.push(['SELECT', pathname.slice(1)]);
    const answers = first.map(
      (command) =>
        new Promise<unknown>((resolve, reject) => {
          this.write(socket, { bytes: encodeCommand(command), waiting: [{ resolve, reject }] });
        }),
    );
    const refusal = await Promise.all(answers).then(
      (replies) => replies.find((reply) => reply instanceof Error),
      () => null,
    );
    if (refusal instanceof Error) socket.destroy(refusal);
    if (refusal !== undefined || this.socket !== socket) return;
    this.status = 'ready';
    this.pauseMs = FIRST_PAUSE_MS;
    const { unsent } = this;
    this.unsent = [];
    for (const one of unsent) this.write(socket, one);
    this.emit('ready');
  }

  private write(socket: Socket, { bytes, waiting }: { bytes: Buffer; waiting: Waiting[] }): void {
    this.unanswered.push(...waiting);
    socket.write(bytes);
  }

  private lost(error: Error | null): void {
    this.socket = null;
    const { unanswered } = this;
    this.unanswered = [];
    for (const { reject } of unanswered) reject(new Error(CLOSED));
    if (this.status === 'end') return;
    this.status = 'reconnecting';
    this.timer = setTimeout(() => this.open(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, MAX_PAUSE_MS);
    if (error !== null && this.listenerCount('error') > 0) this.emit('error', error);
    this.emit('close');
  }

  private rejectAll(): void {
    const waiting = [...this.unanswered, ...this.unsent.flatMap((one) => one.waiting)];
    this.unanswered = [];
    this.unsent = [];
    for (const { reject } of waiting) reject(new Error(CLOSED));
  }
}
