import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Deadline } from '../deadline';
import { ServicesError } from '../errors';
import { checkFault } from './check-fault';
import { cut } from './cut';
import { ProxiedConnection } from './proxied-connection';
import { proxyTarget, throughProxy } from './proxy-target';
import type {
  Fault,
  FaultMode,
  FaultProxy,
  FaultProxyOptions,
  FaultProxyStatus,
  ProxyTarget,
} from './proxy-types';

/** How long the port is asked for: during `refuse` another process's outgoing connection may be using it. */
const listenTimeoutMs = 1_000;

/**
 * Starts a TCP proxy before any server, which fails on demand: late, silent, cut off. It listens on
 * 127.0.0.1, on a free port.
 *
 * A server that is down looks different from here: the connection is accepted, then reset.
 *
 * @throws ServicesError `INVALID_OPTION`, `PROXY_FAILED`
 * @example
 * await using proxy = await startFaultProxy({ target: cluster.primaryUrl });
 * const pool = new pg.Pool({ connectionString: proxy.url() });
 * await proxy.set('blackhole');
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new TcpFaultProxy(options);
  await proxy.set('pass');
  return proxy;
}

class TcpFaultProxy implements FaultProxy {
  readonly host = '127.0.0.1';
  readonly #target: ProxyTarget;
  readonly #targetUrl: string | undefined;
  readonly #name: string;
  readonly #connections = new Set<ProxiedConnection>();
  #fault: Fault = { mode: 'refuse' };
  #port = 0;
  #listener: Server | undefined;
  #accepted = 0;
  /** Changes happen one after the other, since listening takes a moment. */
  #lastChange: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor({ target, name }: FaultProxyOptions) {
    this.#target = proxyTarget(target);
    this.#targetUrl = typeof target === 'string' ? target : undefined;
    this.#name = name ?? `${this.#target.host}:${this.#target.port}`;
  }

  get port(): number {
    return this.#port;
  }

  get mode(): FaultMode {
    return this.#fault.mode;
  }

  get connections(): number {
    return this.#connections.size;
  }

  url(original = this.#targetUrl ?? ''): string {
    return throughProxy(original, this);
  }

  async set(fault: Fault | Exclude<FaultMode, 'delay'>): Promise<void> {
    const checked = checkFault(fault);
    if (this.#closing) throw new ServicesError('PROXY_FAILED', `the fault proxy "${this.#name}" is closed`);
    const change = this.#lastChange.then(() => this.#change(checked));
    this.#lastChange = change.catch(() => {});
    return change;
  }

  resetAll(): void {
    for (const connection of this.#connections) connection.cut();
  }

  status(): FaultProxyStatus {
    return {
      mode: this.mode,
      accepted: this.#accepted,
      connections: [...this.#connections].map(({ status }) => status),
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#lastChange.then(() => this.#end());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #change(fault: Fault): Promise<void> {
    if (fault.mode === 'refuse') this.#stopListening();
    else this.#listener ??= await this.#listen();
    this.#fault = fault;
    for (const connection of this.#connections) connection.apply(fault);
  }

  async #listen(): Promise<Server> {
    const listener = await new Deadline(listenTimeoutMs).poll(() => this.#tryToListen());
    if (listener) return listener;
    throw new ServicesError(
      'PROXY_FAILED',
      `the fault proxy "${this.#name}" cannot listen on port ${this.#port}: something else has taken it`,
    );
  }

  async #tryToListen(): Promise<Server | undefined> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
    listener.listen(this.#port, this.host);
    try {
      await once(listener, 'listening');
    } catch {
      return undefined;
    }
    // Such as too many open files: the client sees it as well.
    listener.on('error', () => {});
    this.#port = (listener.address() as AddressInfo).port;
    return listener;
  }

  #stopListening(): void {
    this.#listener?.close();
    this.#listener = undefined;
  }

  #accept(client: Socket): void {
    this.#accepted += 1;
    if (this.#fault.mode === 'reset') {
      client.on('error', () => {});
      cut(client);
      return;
    }
    const connection = new ProxiedConnection(client, this.#target, this.#fault, (error) => this.#warn(error));
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
  }

  #warn(error: unknown): void {
    process.emitWarning(
      `fault proxy "${this.#name}": whenRequest failed, and the connection was reset: ${error}`,
      {
        type: 'UniteWarning',
        code: 'UNITE_FAULT_PROXY_PREDICATE',
      },
    );
  }

  async #end(): Promise<void> {
    this.#stopListening();
    const closed = [...this.#connections].map((connection) => connection.closed);
    this.resetAll();
    await Promise.all(closed);
  }
}
