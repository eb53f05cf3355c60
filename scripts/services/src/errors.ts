const marker = Symbol.for('unite.services.error');

/** What went wrong with a local service. */
export type ServicesErrorCode =
  /** The options contradict each other, or a value cannot be. */
  | 'INVALID_OPTION'
  /** No PostgreSQL binaries for this platform, or they do not run here. */
  | 'POSTGRES_UNAVAILABLE'
  /** A PostgreSQL server did not start or did not become ready in time. */
  | 'POSTGRES_FAILED'
  /** No Redis was found, and none could be fetched. */
  | 'REDIS_UNAVAILABLE'
  /** A Redis server did not start or did not become ready in time. */
  | 'REDIS_FAILED'
  /** No HAProxy was found, and none could be fetched. */
  | 'HAPROXY_UNAVAILABLE'
  /** An HAProxy did not start or did not become ready in time, or its socket gave no answer. */
  | 'HAPROXY_FAILED'
  /** No wrk was found, and none could be fetched. */
  | 'WRK_UNAVAILABLE'
  /** No nginx was found, and none could be fetched. */
  | 'NGINX_UNAVAILABLE'
  /** No Prometheus with its tools was found, and none could be fetched. */
  | 'PROMETHEUS_UNAVAILABLE'
  /** A Prometheus or an Alertmanager did not start or did not become ready in time. */
  | 'PROMETHEUS_FAILED'
  /** A fault proxy could not take its port, or is closed. */
  | 'PROXY_FAILED'
  /** Another live process uses the directory. */
  | 'DIRECTORY_IN_USE'
  /** No folder is usable: not writable, or not reachable for the user the servers run as. */
  | 'DIRECTORY_UNUSABLE';

/** A local service that did not come up, with what to do about it in the message. */
export class ServicesError extends Error {
  override readonly name = 'ServicesError';
  readonly code: ServicesErrorCode;

  constructor(code: ServicesErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get [marker](): true {
    return true;
  }

  /** Whether `error` is a `ServicesError`, of whichever copy of this package. */
  static isInstance(error: unknown): error is ServicesError {
    return typeof error === 'object' && error !== null && marker in error;
  }
}
