import { createServer } from 'node:net';

/** Ports of the loopback interface that are free now. Held together while asked for, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    return await Promise.all(servers.map((server) => new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address === null || typeof address === 'string') {
          reject(new Error(`expected a port, got ${address}`));
        } else {
          resolve(address.port);
        }
      });
    })));
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

const IN_USE = /address already in use|EADDRINUSE|unable to bind/i;
const ATTEMPTS = 5;

/**
 * Starts something on free ports, with others again when somebody else was faster: between finding a port and binding
 * it, another process may take it.
 */
export async function onFreePorts<T>(count: number, start: (ports: number[]) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePorts(count));
    } catch (error) {
      if (attempt === ATTEMPTS || !IN_USE.test((error as Error).message)) {
        throw error;
      }
    }
  }
}
