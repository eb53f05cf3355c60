import type { ProblemSource } from '@unite/core';

/** Stable codes of {@link DatabaseError}. */
export type DatabaseErrorCode =
  /** The connection broke while a write was under way: it may or may not have taken effect. */
  | 'UNITE_DB_COMMIT_UNKNOWN'
  /** No node takes writes now. */
  | 'UNITE_DB_NO_PRIMARY'
  /** Two primaries on the same timeline: writing to either would lose data. */
  | 'UNITE_DB_SPLIT_BRAIN'
  /** The nodes belong to different clusters. */
  | 'UNITE_DB_MIXED_CLUSTERS'
  /** Every node refuses the user, the password or the database. */
  | 'UNITE_DB_ACCESS_DENIED'
  /** Neither a replica nor the primary can be read. */
  | 'UNITE_DB_NO_READER'
  /** The connection broke; nothing took effect. */
  | 'UNITE_DB_CONNECTION_LOST'
  /** Too many callers wait already, for a primary or for a connection. */
  | 'UNITE_DB_QUEUE_FULL'
  /** The time is up; nothing took effect. */
  | 'UNITE_DB_DEADLINE_EXCEEDED'
  /** The request was aborted; nothing took effect. */
  | 'UNITE_DB_ABORTED'
  /** `COMMIT` was answered with `ROLLBACK`, because a statement had failed before. */
  | 'UNITE_DB_ROLLED_BACK'
  /** The cluster is closed, or closing. */
  | 'UNITE_DB_CLOSED';

const statuses: Readonly<Record<DatabaseErrorCode, number>> = {
  UNITE_DB_COMMIT_UNKNOWN: 500,
  UNITE_DB_NO_PRIMARY: 503,
  UNITE_DB_SPLIT_BRAIN: 503,
  UNITE_DB_MIXED_CLUSTERS: 500,
  UNITE_DB_ACCESS_DENIED: 500,
  UNITE_DB_NO_READER: 503,
  UNITE_DB_CONNECTION_LOST: 503,
  UNITE_DB_QUEUE_FULL: 503,
  UNITE_DB_DEADLINE_EXCEEDED: 504,
  UNITE_DB_ABORTED: 503,
  UNITE_DB_ROLLED_BACK: 500,
  UNITE_DB_CLOSED: 503,
};

const brand = Symbol.for('unite.db-ha.error');

/**
 * What a cluster throws of its own. Except for {@link CommitUnknownError}, nothing took effect. What the
 * server says of a statement (a unique violation, a syntax error) stays the driver's error.
 */
export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;
  /** Survives React Server Components, which replace the message of an error. */
  readonly digest: string;

  constructor(code: DatabaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.digest = `unite;${code};${statuses[code]}`;
  }

  /** Holds across module copies, where `instanceof` does not. */
  static isInstance(value: unknown): value is DatabaseError {
    return typeof value === 'object' && value !== null && (value as { [brand]?: unknown })[brand] === true;
  }

  override get name(): string {
    return 'DatabaseError';
  }

  get [brand](): true {
    return true;
  }

  /** Nothing about the servers: hosts and causes are for the log. */
  get [Symbol.for('unite.problem')](): ProblemSource {
    const status = statuses[this.code];
    if (status === 503) {
      return {
        type: 'about:blank',
        status,
        title: 'Service Unavailable',
        detail: 'The database cannot be reached right now. Try again in a moment.',
        headers: { 'Retry-After': '2' },
      };
    }
    if (status === 504) {
      return {
        type: 'about:blank',
        status,
        title: 'Gateway Timeout',
        detail: 'The database took too long.',
      };
    }
    return { type: 'about:blank', status, title: 'Internal Server Error' };
  }
}

/**
 * A write whose outcome nobody can know from here: the connection broke after it was sent. Read before
 * writing again, or give the transaction an `idempotencyKey`.
 */
export class CommitUnknownError extends DatabaseError {
  constructor(message: string, options?: ErrorOptions) {
    super('UNITE_DB_COMMIT_UNKNOWN', message, options);
  }

  static override isInstance(value: unknown): value is CommitUnknownError {
    return DatabaseError.isInstance(value) && value.code === 'UNITE_DB_COMMIT_UNKNOWN';
  }

  override get name(): string {
    return 'CommitUnknownError';
  }

  get [Symbol.for('unite.problem')](): ProblemSource {
    return {
      type: 'about:blank',
      status: 500,
      title: 'Internal Server Error',
      detail: 'It is not known whether the change was saved. Look before trying again.',
    };
  }
}
