import { type Attributes, SpanKind } from '@opentelemetry/api';
import { maskedException } from '../masked-exception';
import type { ChannelEvent, ChannelMessage, ChannelSpan, ChannelTotal } from './channel-types';

export const cryptoSpans: readonly ChannelSpan[] = [
  {
    channel: 'unite:crypto:key',
    spanName: ({ operation }) => `crypto key ${operation}`,
    startAttributes: ({ vault, provider, operation }) => ({
      'unite.crypto.vault': vault,
      'unite.crypto.provider': provider,
      'unite.crypto.operation': operation,
    }),
    endAttributes: () => ({}),
    kind: SpanKind.CLIENT,
  },
  batchesOn('encrypt'),
  batchesOn('decrypt'),
];

export const cryptoEvents: readonly ChannelEvent[] = [failuresOn('encrypt'), failuresOn('decrypt')];

export const cryptoTotals: readonly ChannelTotal[] = [
  { channel: 'unite:crypto:encrypt', attribute: 'unite.crypto.encrypted', isCounted: isSingle },
  { channel: 'unite:crypto:decrypt', attribute: 'unite.crypto.decrypted', isCounted: isSingle },
];

/** One value takes less time than a span: of those there is a number, and an event for each that failed. */
function batchesOn(operation: 'encrypt' | 'decrypt'): ChannelSpan {
  return {
    channel: `unite:crypto:${operation}`,
    spanName: ({ table, column }) => `crypto ${operation} ${table}.${column}`,
    startAttributes: (message) => ({ ...ofField(message), 'unite.crypto.count': message.count }),
    endAttributes: ofKey,
    isWorthIt: ({ count }) => Number(count) > 1,
  };
}

function failuresOn(operation: 'encrypt' | 'decrypt'): ChannelEvent {
  return {
    // Of a tracing channel, the plain one that failures are published on: its name is part of Node's interface.
    channel: `tracing:unite:crypto:${operation}:error`,
    eventName: `crypto.${operation}.failed`,
    attributes: (message) => ({ ...ofField(message), ...ofKey(message), 'error.type': errorType(message) }),
    isTold: isSingle,
  };
}

function isSingle({ count }: ChannelMessage): boolean {
  return count === 1;
}

function ofField({ vault, tenantId, table, column }: ChannelMessage): Attributes {
  return {
    'unite.crypto.vault': vault,
    'unite.tenant_id': tenantId,
    'unite.crypto.table': table,
    'unite.crypto.column': column,
  };
}

/** Known once the tenant's keys are. */
function ofKey({ keyId }: ChannelMessage): Attributes {
  return { 'unite.crypto.key_id': keyId };
}

function errorType(message: { readonly error?: unknown }): string {
  const { code, name } = maskedException(message.error);
  return code ?? name;
}
