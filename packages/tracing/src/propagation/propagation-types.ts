/** Headers of a request: `Headers`, Node's `request.headers`, or a plain record whose names are in lower case. */
export type HeaderReader =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Formats of trace headers. Each is read; W3C alone is written. */
export type PropagationFormat = 'w3c' | 'b3' | 'jaeger';

/** How traces cross the borders of the process. */
export interface PropagationOptions {
  /**
   * Whether a request may say which trace it belongs to. At a public edge nobody may: a server span starts a trace of
   * its own, and links to what was claimed. `true` behind a gateway of yours; a function decides by the headers.
   * Baggage follows the same answer.
   *
   * @default false
   */
  readonly trustParent?:
    | boolean
    | ((headers: { get(name: string): string | undefined }) => boolean)
    | undefined;
  /** What is read, in this order. @default ['w3c', 'b3', 'jaeger'] */
  readonly read?: readonly PropagationFormat[] | undefined;
  /** Baggage is sent only to hosts that are listed here, and only under keys that are. @default none */
  readonly baggage?: BaggageOptions | undefined;
}

/** Which baggage leaves the process, and where to. */
export interface BaggageOptions {
  /** Hosts: `inventory.internal`, `localhost:4001`, or `*.internal` for every name below it. */
  readonly hosts: readonly string[];
  /** Keys that may be sent, and that are read from a parent that is trusted. @default ['tenant.id'] */
  readonly keys?: readonly string[] | undefined;
  /** Whether the context's tenant, an opaque id, is sent as `tenant.id`. @default true */
  readonly sendTenant?: boolean | undefined;
}

/** Counters of propagation. */
export interface PropagationStats {
  /** Parents that became the parent of a local root. */
  readonly trusted: number;
  /** Parents that were claimed and only linked to. */
  readonly linked: number;
  /** Parents of the browser part: each became the parent inside a trace that this process started. */
  readonly browser: number;
  /** Headers that were ignored, whole or in part, because they were malformed or too long, by header. */
  readonly malformed: Readonly<Record<string, number>>;
}
