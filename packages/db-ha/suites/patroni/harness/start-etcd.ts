import { join } from 'node:path';
import type { Programs } from './debian-programs';
import { freePort } from './free-port';
import { signalAll, startServer, tailOf } from './processes';
import { waitUntil } from './wait-until';
import type { Workplace } from './workplace';

/** The store in which Patroni keeps who leads. */
export interface Etcd {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Ends it at once. */
  stop(): Promise<void>;
  /** Starts it on the same port with what it knew. */
  start(): Promise<void>;
}

/** Starts an etcd of one member. */
export async function startEtcd(programs: Programs, workplace: Workplace): Promise<Etcd> {
  const directory = workplace.folder('etcd');
  const logFile = join(directory, 'etcd.log');
  const client = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const etcd: Etcd = {
    host: client.slice('http://'.length),
    stop: () => signalAll(directory, 'SIGKILL'),
    start: async () => {
      startServer({
        command: programs.etcd,
        args: [
          ['--name', 'suite'],
          ['--data-dir', join(directory, 'data')],
          ['--listen-client-urls', client],
          ['--advertise-client-urls', client],
          ['--listen-peer-urls', peer],
          ['--initial-advertise-peer-urls', peer],
          ['--initial-cluster', `suite=${peer}`],
        ].flat(),
        cwd: directory,
        // etcd 3.4 wants to be told that arm64 is meant seriously.
        env: process.arch === 'arm64' ? { ETCD_UNSUPPORTED_ARCH: 'arm64' } : {},
        identity: workplace.identity,
        logFile,
      });
      await waitUntil(async () => (await fetch(`${client}/health`)).ok, {
        what: 'etcd answers',
        timeoutMs: 30_000,
        explain: () => tailOf(logFile),
      });
    },
  };
  await etcd.start();
  return etcd;
}
