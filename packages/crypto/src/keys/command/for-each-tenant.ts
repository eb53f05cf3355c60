import type { CommandRun } from '@unite/core';
import { CryptoError, type CryptoErrorCode } from '../../errors';
import type { Vault } from '../../types';

const tenantsAtATime = 8;
const tenantsPerNote = 500;
const maxFailuresShown = 20;

/** Whoever asks again for the next tenant hears the same. */
const fatal: readonly CryptoErrorCode[] = [
  'UNITE_CRYPTO_KEYS_UNAVAILABLE',
  'UNITE_CRYPTO_KEYS_DENIED',
  'UNITE_CRYPTO_KEYRING_INVALID',
  'UNITE_CRYPTO_CLOSED',
];

/** What became of the tenants. */
export interface TenantsReport {
  readonly tenants: number;
  /** Those whose keys were destroyed, about which there is nothing to do. */
  readonly shredded: number;
  readonly failed: number;
  /** The first 20. */
  readonly failures: readonly {
    readonly tenantId: string;
    readonly code: string;
    readonly message: string;
  }[];
  /** Whether not all were come to. */
  readonly isInterrupted: boolean;
}

/**
 * Does something for every tenant, for some at a time. One that fails does not stop the others; an outage does.
 *
 * @throws CryptoError when the key provider or the key store is down, or refuses
 */
export async function forEachTenant(
  vault: Pick<Vault, 'keys'>,
  { signal, note }: Pick<CommandRun, 'signal' | 'note'>,
  work: (tenantId: string) => Promise<void>,
): Promise<TenantsReport> {
  const report = { tenants: 0, shredded: 0, failed: 0, failures: [] as TenantsReport['failures'][number][] };
  const tenants = vault.keys.tenants()[Symbol.asyncIterator]();
  let isOver = false;
  await Promise.all(Array.from({ length: tenantsAtATime }, workThrough));
  return { ...report, isInterrupted: signal.aborted };

  async function workThrough(): Promise<void> {
    while (!signal.aborted && !isOver) {
      const next = await tenants.next();
      if (next.done) return;
      await one(next.value);
    }
  }

  async function one(tenantId: string): Promise<void> {
    try {
      await work(tenantId);
      report.tenants += 1;
      if (report.tenants % tenantsPerNote === 0) note(`${report.tenants} tenants`);
    } catch (error) {
      if (!CryptoError.isInstance(error) || fatal.includes(error.code)) {
        isOver = true;
        throw error;
      }
      if (error.code === 'UNITE_CRYPTO_TENANT_SHREDDED') {
        report.shredded += 1;
        return;
      }
      report.failed += 1;
      const { code, message } = error;
      if (report.failures.length < maxFailuresShown) report.failures.push({ tenantId, code, message });
    }
  }
}

/** The part of a command's answer that tells what did not work. */
export function describeReport({
  shredded,
  failed,
  failures,
  isInterrupted,
}: TenantsReport): readonly string[] {
  return [
    ...(shredded > 0 ? [`${shredded} tenants were left out, whose keys were destroyed.`] : []),
    ...(failed > 0 ? [`${failed} tenants failed:`] : []),
    ...failures.map(({ tenantId, code, message }) => `  ${tenantId}: ${message} (${code})`),
    ...(isInterrupted ? ['Interrupted: run it again for the rest.'] : []),
  ];
}
