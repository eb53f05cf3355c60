/** A client of `hot-shots` that the application has already, and keeps: it is not closed here. */
export interface DatadogClient {
  /** Sends one datagram, as it is: the client's own prefix, tags and buffer have no part in it. */
  sendMessage(packet: string, callback: (error?: Error | null) => void): void;
}

/** The parts of `dd-trace` that are used where it runs. */
export interface DatadogTracer {
  scope(): { active(): DatadogSpan | null | undefined };
}

/** A span of `dd-trace`. */
export interface DatadogSpan {
  setTag(name: string, value: unknown): unknown;
  context(): { toTraceId(as128Bit?: boolean): string; toSpanId(as128Bit?: boolean): string };
}

/** Options of `datadog`. */
export interface DatadogOptions {
  /** The agent's host. @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** The agent's UDP port. @default 8125 */
  readonly port?: number | undefined;
  /**
   * The agent's Unix datagram socket, such as `/var/run/datadog/dsd.socket`, instead of a host and port. Needs the native
   * package `unix-dgram`, which `hot-shots` installs where a compiler is at hand.
   */
  readonly path?: string | undefined;
  /** A client of the application's, instead of the above. @default its own, made at the start */
  readonly client?: DatadogClient | undefined;
  /** Stands before each metric's name: `crm` makes `crm.contacts_created`. @default none */
  readonly prefix?: string | undefined;
  /** On everything, beside `service`, `env`, `version` and `deployment`. @default none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * Values of histograms and events that may wait to be sent; what is over is dropped and counted. Counters and gauges
   * add up while they wait, so that none is lost. @default 10_000
   */
  readonly maxQueued?: number | undefined;
  /** How long values are collected before they are sent, in milliseconds. @default 1_000 */
  readonly flushIntervalMs?: number | undefined;
  /** Bytes of one datagram. @default 1_432, and 8_192 with `path` */
  readonly maxPacketBytes?: number | undefined;
  /**
   * Whose active span is told of errors: an instance of `dd-trace`, or `false` for none. @default the one that runs in
   * this process, if any
   */
  readonly tracer?: DatadogTracer | false | undefined;
}
