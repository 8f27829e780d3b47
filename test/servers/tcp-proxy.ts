import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { inTime } from './in-time.ts';
import { listening, type StopHandle } from './server-process.ts';

/** A network between a client and a server, which can be made to carry nothing. */
export interface TcpProxy extends StopHandle {
  port: number;
  /** Nothing comes through any more, in either direction; connections stay open. Resolves when something is held up. */
  pause(): Promise<void>;
  /** Connections are broken off, and new ones too. Resolves when one was. */
  refuse(): Promise<void>;
  /** What was held up and all that follows comes through. */
  resume(): void;
}

/** In front of a server on 127.0.0.1. */
export async function startTcpProxy(port: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isPaused = false;
  let isRefusing = false;
  let held = Promise.withResolvers<void>();
  let released = Promise.withResolvers<void>();

  const carry = (from: Socket, to: Socket): void => {
    sockets.add(from);
    from.on('error', () => {});
    from.once('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    from.on('data', (chunk: Buffer) => {
      if (!isPaused) return void to.write(chunk);
      from.pause();
      held.resolve();
      void released.promise.then(() => {
        to.write(chunk);
        from.resume();
      });
    });
  };
  const server = createServer((client) => {
    if (isRefusing) {
      client.on('error', () => {}).resetAndDestroy();
      held.resolve();
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port });
    carry(client, upstream);
    carry(upstream, client);
  });
  return {
    port: await listening(server),
    async pause() {
      isPaused = true;
      held = Promise.withResolvers();
      released = Promise.withResolvers();
      await inTime('something for the network to hold up', held.promise);
    },
    async refuse() {
      isRefusing = true;
      held = Promise.withResolvers();
      for (const socket of sockets) socket.destroy();
      await inTime('a connection for the network to refuse', held.promise);
    },
    resume() {
      isPaused = false;
      isRefusing = false;
      released.resolve();
    },
    async stop() {
      released.resolve();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
