/** What is asked of a driver's pool beyond the contract: every way to call it that `pg` knows. */
export interface DriverPool {
  query(...args: unknown[]): unknown;
  connect(): Promise<DriverClient>;
}

/** A driver's client, checked out of its pool. */
export interface DriverClient {
  query(...args: unknown[]): unknown;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  removeListener(event: string, listener: (...args: unknown[]) => void): unknown;
  release(error?: Error | boolean): void;
  getTransactionStatus?(): 'I' | 'T' | 'E' | null;
}
