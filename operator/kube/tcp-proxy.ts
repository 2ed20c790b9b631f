// SPDX-License-Identifier: Apache-2.0
// Test support: a TCP proxy that counts connections, breaks them, or lets them hang.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Connections accepted so far. */
  accepted(): number;
  /** Connections open now. */
  open(): number;
  /** Nothing is forwarded any more on connections that are open now; they stay open. New ones work, or hang too. */
  silence(newOnes: 'work' | 'hang'): void;
  /** Resets every connection. */
  kill(): void;
  /** Refuses every connection until it is called with true. */
  admit(admits: boolean): void;
  close(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const links = new Set<Link>();
  let accepted = 0;
  let admits = true;
  let hangs = false;

  const listener = createServer((client) => {
    accepted += 1;
    if (!admits) {
      client.resetAndDestroy();
      return;
    }
    const link = { client, server: connect(target) };
    links.add(link);
    for (const socket of [link.client, link.server]) {
      socket.on('error', () => end(link)); // a reset on one side is passed on to the other
      socket.on('close', () => end(link));
    }
    // otherwise each call waits 40 ms for an acknowledgement
    client.setNoDelay(true);
    link.server.setNoDelay(true);
    if (!hangs) client.pipe(link.server).pipe(client);
  });

  function end(link: Link): void {
    links.delete(link);
    link.client.destroy();
    link.server.destroy();
  }

  function kill(): void {
    for (const { client, server } of links) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    accepted: () => accepted,
    open: () => links.size,
    silence(newOnes) {
      hangs = newOnes === 'hang';
      for (const { client, server } of links) {
        client.unpipe(server);
        server.unpipe(client);
        client.pause();
        server.pause();
      }
    },
    kill,
    admit(next) {
      admits = next;
    },
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        kill();
      }),
  };
}
