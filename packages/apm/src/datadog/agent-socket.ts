import { isIP } from 'node:net';
import { warnOnce } from '@unite/shared';
import { StatsD } from 'hot-shots';
import type { DatadogClient, DatadogOptions } from './datadog-types';
import { createHostLookup } from './host-lookup';
import type { PacketSender } from './packets';

/** How long a socket that could not be opened is left alone. */
const reopenMs = 1_000;

/**
 * The way to the agent. Sockets, DNS and their repair are those of `hot-shots`; lines and packets are made here, since
 * it does not tell how many lines a packet had that was sent or lost, and gives lengths of events in UTF-16 units where
 * the agent counts bytes.
 */
export class AgentSocket implements PacketSender {
  readonly #options: DatadogOptions;
  readonly #monotonicMs: () => number;
  readonly #lookup: ReturnType<typeof createHostLookup>;
  #own: StatsD | undefined;
  #openedAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: DatadogOptions, monotonicMs: () => number) {
    this.#options = options;
    this.#monotonicMs = monotonicMs;
    this.#lookup = createHostLookup(monotonicMs);
  }

  send(packet: string, done: (error?: unknown) => void): void {
    const tell = (error?: unknown) => {
      if (error) warnUnreachable(error);
      done(error);
    };
    try {
      const client = this.#options.client ?? this.#opened();
      if (client) client.sendMessage(packet, tell);
      else done(new Error('There is no socket'));
    } catch (error) {
      tell(error);
    }
  }

  /** Lets go of its own socket; a client of the application's stays open. Never throws. */
  close(): void {
    this.#isClosed = true;
    try {
      // `close` of the client would wait a second time, and print what it waits for.
      this.#own?.socket?.close();
    } catch {
      // It is closed already, or was never bound.
    }
    this.#own = undefined;
  }

  /** `hot-shots` does not look again for a Unix socket that was not there at first. */
  #opened(): DatadogClient | undefined {
    if (this.#own?.socket) return this.#own as unknown as DatadogClient;
    const nowMs = this.#monotonicMs();
    if (this.#isClosed || nowMs - this.#openedAtMs < reopenMs) return undefined;
    this.#openedAtMs = nowMs;
    this.#own = new StatsD({ ...clientOptions, ...this.#target(), errorHandler: warnUnreachable });
    return this.#own.socket ? (this.#own as unknown as DatadogClient) : undefined;
  }

  #target() {
    const { host = '127.0.0.1', port = 8_125, path } = this.#options;
    if (path !== undefined) return { protocol: 'uds', path } as const;
    if (isIP(host)) return { protocol: 'udp', host, port } as const;
    // The cache of `hot-shots` looks up once for each datagram until there is an answer, and again after each failure.
    const udpSocketOptions = { type: 'udp4', lookup: this.#lookup as never } as const;
    return { protocol: 'udp', host, port, cacheDns: false, udpSocketOptions } as const;
  }
}

/** Nothing is taken from the environment, and nothing is sent but what is handed over. */
const clientOptions = {
  cacheDns: true,
  maxBufferSize: 0,
  includeDataDogTags: false,
  datadog: false,
  includeDatadogTelemetry: false,
  // A packet that waits for a full socket of the agent holds no process for long.
  udsRetryOptions: { retries: 2, retryDelayMs: 50, maxRetryDelayMs: 200 },
} as const;

function warnUnreachable(error: unknown): void {
  // Of some drivers the message goes on with a stack.
  const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
  warnOnce('UNITE_APM_DATADOG_UNREACHABLE', `Metrics cannot be sent to the Datadog agent: ${reason}`);
}
