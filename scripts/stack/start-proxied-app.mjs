import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../services/src/plain/free-port.mjs';
import { haproxyCertificates } from './haproxy-certificates.mjs';
import { haproxyConfig } from './haproxy-config.mjs';
import { startRelease } from './start-release.mjs';

/** Longer than a copy takes to start, on any machine, in milliseconds. */
const upTimeoutMs = 120_000;

/**
 * An HAProxy with two slots, `blue` and `green`, for copies of one application, none of which runs yet.
 *
 * @param {{
 *   name: string, directory: string, env: () => NodeJS.ProcessEnv, children: import('../lib/children.mjs').Children,
 *   startHaproxy: typeof import('../services/src/index').startHaproxy, toolsDirectory: string,
 *   certificates?: import('../services/src/index').Certificates | undefined, signal?: AbortSignal | undefined,
 * }} options `name` is that of the backend, too; `env` is what each copy runs with
 */
export async function startProxiedApp(options) {
  const {
    name: backend,
    directory,
    env,
    children,
    startHaproxy,
    certificates,
    toolsDirectory,
    signal,
  } = options;
  const host = '127.0.0.1';
  const slots = [
    { name: 'blue', host, port: await freePort() },
    { name: 'green', host, port: await freePort() },
  ];
  const haproxy = await startHaproxy({
    toolsDirectory,
    signal,
    config: ({ port, socketPath }) => {
      const tls = certificates && haproxyCertificates(dirname(socketPath), certificates);
      return haproxyConfig({ backend, slots, port, socketPath, tls });
    },
  });
  /** @type {Map<string, import('./start-release.mjs').Release>} */
  const copies = new Map();
  return {
    url: `${certificates ? 'https' : 'http'}://${host}:${haproxy.port}`,
    haproxy,
    backend,
    slots,
    /** The copies that run, by the name of their slot. */
    copies,
    start,
    untilUp,
    close: () => haproxy.close(),
  };

  /**
   * Starts a copy on a slot; `untilUp` waits for it.
   *
   * @param {{ name: string, host: string, port: number }} slot
   * @param {NodeJS.ProcessEnv} [ownEnv]
   */
  async function start(slot, ownEnv = {}) {
    if (copies.has(slot.name)) throw new Error(`A copy of ${backend} already runs on ${slot.name}`);
    // It may not have noticed yet that whoever was there before has ended.
    await haproxy.command(`set server ${backend}/${slot.name} health down`);
    const release = startRelease({ directory, slot, children, env: { ...env(), ...ownEnv } });
    copies.set(slot.name, release);
    void release.exited.then(() => copies.delete(slot.name));
    return release;
  }

  /**
   * Waits until HAProxy counts these slots in, and throws when the copy on one of them ends before.
   *
   * @param {readonly string[]} names
   */
  async function untilUp(names) {
    const started = names.map((name) => ({ name, copy: copies.get(name) }));
    for (const deadlineAtMs = performance.now() + upTimeoutMs; ; ) {
      signal?.throwIfAborted();
      const statuses = await slotStatuses();
      if (names.every((name) => statuses.get(name)?.startsWith('UP'))) return;
      for (const { name, copy } of started) {
        if (copies.get(name) === copy && copy !== undefined) continue;
        const ended = await copy?.exited;
        throw new Error(`The copy of ${backend} on ${name} ended (${ended?.code}):\n${ended?.output ?? ''}`);
      }
      if (performance.now() > deadlineAtMs)
        throw new Error(`HAProxy does not count ${names.join(' and ')} of ${backend} in`);
      await sleep(50);
    }
  }

  /** As `show stat` has them: `UP`, `DOWN 1/2`, `NOLB`. */
  async function slotStatuses() {
    const [head = '', ...lines] = (await haproxy.command('show stat')).split('\n');
    const columns = head.replace(/^# /, '').split(',');
    const [server, status] = [columns.indexOf('svname'), columns.indexOf('status')];
    return new Map(lines.map((line) => line.split(',')).map((cells) => [cells[server], cells[status]]));
  }
}

/** @typedef {Awaited<ReturnType<typeof startProxiedApp>>} ProxiedApp */
