import type { DatabaseConnection, Driver, TransactionSettings } from 'kysely';
import { ClusterConnection, type Readers } from './cluster-connection';

type Compile = Parameters<NonNullable<Driver['savepoint']>>[2];

/** Kysely's own driver of the primary, with connections that are taken when they are needed. */
export class ClusterDriver implements Driver {
  readonly #primary: Driver;
  readonly #readers: Readers;

  constructor(primary: Driver, readers: Readers) {
    this.#primary = primary;
    this.#readers = readers;
  }

  init(): Promise<void> {
    return this.#primary.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new ClusterConnection(this.#primary, this.#readers);
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await this.#primary.beginTransaction(await onPrimary(connection), settings);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#primary.commitTransaction(await onPrimary(connection));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#primary.rollbackTransaction(await onPrimary(connection));
  }

  async savepoint(connection: DatabaseConnection, name: string, compile: Compile): Promise<void> {
    await this.#primary.savepoint?.(await onPrimary(connection), name, compile);
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string, compile: Compile): Promise<void> {
    await this.#primary.rollbackToSavepoint?.(await onPrimary(connection), name, compile);
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string, compile: Compile): Promise<void> {
    await this.#primary.releaseSavepoint?.(await onPrimary(connection), name, compile);
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await (connection as ClusterConnection).release();
  }

  destroy(): Promise<void> {
    return this.#primary.destroy();
  }
}

/**
 * The primary's connection as its driver expects it. Statements go through the outer one, because Kysely logs
 * them there; all else, such as the marks that the driver leaves on its own, is the inner one's.
 */
async function onPrimary(connection: DatabaseConnection): Promise<DatabaseConnection> {
  const inner = await (connection as ClusterConnection).takePrimary();
  return new Proxy(inner, {
    get(_, key) {
      const owner = key === 'executeQuery' ? connection : inner;
      const member: unknown = Reflect.get(owner, key);
      return typeof member === 'function' ? member.bind(owner) : member;
    },
  });
}
