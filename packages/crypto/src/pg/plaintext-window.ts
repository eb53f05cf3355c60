import type { EncryptedTable } from '../types';

/** Whether a column may have plaintext still, which has no index and is found by its exact text. */
export function isPlaintextOpen({ options }: EncryptedTable, column: string): boolean {
  const { plaintext } = options.columns[column] ?? {};
  return plaintext !== undefined && Date.now() <= new Date(plaintext.until).getTime();
}
