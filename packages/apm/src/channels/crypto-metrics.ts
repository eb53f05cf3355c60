import type { ChannelMessage, CountedChannel, PackageMetrics } from './channel-types';
import { failureCode, outcomeOf } from './outcome';

/** Labels `vault`, `operation`, `table`, `column` and `code`. */
export const cryptoFailuresMetric = 'crypto_failures_total';

/** What happens to ciphertexts that were altered, replaced, or moved to another row, column or tenant. */
export const tamperingCodes = [
  'UNITE_CRYPTO_AUTHENTICATION_FAILED',
  'UNITE_CRYPTO_COMMITMENT_MISMATCH',
  'UNITE_CRYPTO_FORMAT_INVALID',
  'UNITE_CRYPTO_TENANT_MISMATCH',
];

export const cryptoMetrics: PackageMetrics = {
  metrics: {
    crypto_values_total: {
      kind: 'counter',
      help: 'Values that were encrypted or decrypted.',
      labels: ['vault', 'operation', 'table', 'column'],
    },
    [cryptoFailuresMetric]: {
      kind: 'counter',
      help: 'Values, or batches of values, that could not be encrypted or decrypted, and why.',
      labels: ['vault', 'operation', 'table', 'column', 'code'],
    },
    crypto_key_duration_seconds: {
      kind: 'histogram',
      help: 'How long the key provider took to generate, unwrap and rewrap data keys.',
      labels: ['vault', 'provider', 'operation', 'outcome'],
    },
  },
  timed: [
    {
      channel: 'unite:crypto:key',
      metric: 'crypto_key_duration_seconds',
      labels: (message) => ({
        vault: message.vault,
        provider: message.provider,
        operation: message.operation,
        outcome: isFailed(message) ? failureCode(message) : 'ok',
      }),
    },
  ],
  counted: [valuesOn('encrypt'), failuresOn('encrypt'), valuesOn('decrypt'), failuresOn('decrypt')],
};

function valuesOn(operation: string): CountedChannel {
  return {
    channel: `unite:crypto:${operation}`,
    at: 'end',
    metric: 'crypto_values_total',
    labels: (message) => (isFailed(message) ? undefined : ofField(operation, message)),
    amount: ({ count }) => Number(count),
  };
}

/** One for a batch: it says nothing of how many of its values were at fault. */
function failuresOn(operation: string): CountedChannel {
  return {
    channel: `unite:crypto:${operation}`,
    at: 'end',
    metric: cryptoFailuresMetric,
    labels: (message) =>
      isFailed(message) ? { ...ofField(operation, message), code: failureCode(message) } : undefined,
  };
}

/** Without the tenant, of which there may be any number. */
function ofField(operation: string, { vault, table, column }: ChannelMessage) {
  return { vault, operation, table, column };
}

function isFailed(message: ChannelMessage): boolean {
  return outcomeOf(message) === 'error';
}
