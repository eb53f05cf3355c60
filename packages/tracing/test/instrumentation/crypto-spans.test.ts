import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { context, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createVault, type VaultOptions } from '@unite/crypto';
import { memoryKeyring } from '@unite/crypto/keys';
import { UniteInstrumentation } from '../../src/instrumentation';

const secret = 'ada@example.com';
const ofEmail = {
  'unite.crypto.vault': 'crm',
  'unite.tenant_id': 'acme',
  'unite.crypto.table': 'contacts',
  'unite.crypto.column': 'email',
};
const anyKey = { 'unite.crypto.key_id': expect.any(Number) };
const place = (rowId: number) => ({ rowId, tenantId: 'acme' });

let exporter: InMemorySpanExporter;
let provider: BasicTracerProvider;
let instrumentation: UniteInstrumentation;
beforeEach(() => {
  exporter = new InMemorySpanExporter();
  provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  instrumentation = new UniteInstrumentation();
  instrumentation.setTracerProvider(provider);
});
afterEach(() => {
  // Whatever was done, no span says what stood in a value.
  const told = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  expect(JSON.stringify(told)).not.toContain(secret);
  expect(instrumentation.stats().failures).toBe(0);
  instrumentation.disable();
  context.disable();
});

const newEmail = (options: Partial<VaultOptions> = {}) =>
  createVault({ name: 'crm', keys: memoryKeyring(), ...options }).field('contacts', 'email');

/** Runs it in a span, and gives the span back as it was in the end. */
async function inRequest(work: () => Promise<unknown>): Promise<ReadableSpan> {
  await provider.getTracer('test').startActiveSpan('request', (span) => work().finally(() => span.end()));
  return spansOf('request')[0] as ReadableSpan;
}

function spansOf(name: string): ReadableSpan[] {
  return exporter.getFinishedSpans().filter((span) => span.name === name);
}

describe('calls of the key provider', () => {
  test('are spans of their own, of the kind client, below whoever needs the key first', async () => {
    const keys = memoryKeyring();
    const request = await inRequest(async () => {
      const stored = await newEmail({ keys }).encrypt(secret, place(7));
      await newEmail({ keys }).decrypt(stored, place(7));
    });
    const attributes = { 'unite.crypto.vault': 'crm', 'unite.crypto.provider': keys.name };
    expect(spansOf('crypto key generate')).toMatchObject([
      { kind: SpanKind.CLIENT, attributes: { ...attributes, 'unite.crypto.operation': 'generate' } },
    ]);
    expect(spansOf('crypto key unwrap')).toMatchObject([
      {
        kind: SpanKind.CLIENT,
        attributes: { ...attributes, 'unite.crypto.operation': 'unwrap' },
        parentSpanContext: { spanId: request.spanContext().spanId },
      },
    ]);
    expect(request.kind).toBe(SpanKind.INTERNAL);
  });

  test('that fail say with which code', async () => {
    const keys = memoryKeyring();
    const down = { ...keys, generate: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    await inRequest(() =>
      newEmail({ keys: down })
        .encrypt(secret, place(7))
        .catch(() => undefined),
    );
    expect(spansOf('crypto key generate')).toMatchObject([
      {
        status: { code: SpanStatusCode.ERROR },
        attributes: { 'error.type': 'UNITE_CRYPTO_KEYS_UNAVAILABLE' },
      },
    ]);
  });
});

describe('single values', () => {
  test('have no span, however many there are: the active one says their number', async () => {
    const email = newEmail();
    const request = await inRequest(async () => {
      for (const rowId of Array(40).keys()) {
        const stored = await email.encrypt(secret, place(rowId));
        if (rowId < 30) await email.decrypt(stored, place(rowId));
      }
    });
    expect(request.attributes).toEqual({ 'unite.crypto.encrypted': 40, 'unite.crypto.decrypted': 30 });
    expect(request.events).toEqual([]);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['crypto key generate', 'request']);
  });

  test('that cannot be read are events with their code, and not counted as read', async () => {
    const email = newEmail({ mayDecrypt: ({ tenantId }) => tenantId !== 'globex' });
    const request = await inRequest(async () => {
      const stored = await email.encrypt(secret, place(7));
      await email.decrypt(stored, place(8)).catch(() => undefined);
      await email.decrypt(stored, { rowId: 7, tenantId: 'globex' }).catch(() => undefined);
      await email.encrypt(7 as never, place(9)).catch(() => undefined);
    });
    expect(request.attributes).toEqual({ 'unite.crypto.encrypted': 1 });
    expect(request.events).toMatchObject([
      {
        name: 'crypto.decrypt.failed',
        attributes: { ...ofEmail, ...anyKey, 'error.type': 'UNITE_CRYPTO_AUTHENTICATION_FAILED' },
      },
      {
        name: 'crypto.decrypt.failed',
        attributes: {
          ...ofEmail,
          'unite.tenant_id': 'globex',
          'error.type': 'UNITE_CRYPTO_DECRYPT_DENIED',
        },
      },
      {
        name: 'crypto.encrypt.failed',
        attributes: { ...ofEmail, 'error.type': 'UNITE_CRYPTO_VALUE_INVALID' },
      },
    ]);
  });

  test('that fail without a code have a name, and their events a cap', async () => {
    const email = newEmail({ mayDecrypt: () => Promise.reject(new TypeError(secret)) });
    const request = await inRequest(async () => {
      const stored = await email.encrypt(secret, place(7));
      for (const _ of Array(50)) await email.decrypt(stored, place(7)).catch(() => undefined);
    });
    expect(request.events).toHaveLength(32);
    expect(request.events[0]?.attributes).toEqual({ ...ofEmail, 'error.type': 'TypeError' });
    expect(instrumentation.stats().droppedEvents).toBe(18);
  });

  test('outside of a trace are told to nobody', async () => {
    const email = newEmail();
    await email.decrypt(await email.encrypt(secret, place(7)), place(7));
    await email.decrypt('AAAA', place(7)).catch(() => undefined);
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(instrumentation.stats()).toMatchObject({ spans: 0, events: 0 });
  });
});

describe('many values', () => {
  test('are one span, whose number stands on it and not on the request', async () => {
    const email = newEmail();
    const items = await Promise.all(
      [...Array(300).keys()].map(async (rowId) => ({
        rowId,
        value: await email.encrypt(secret, place(rowId)),
      })),
    );
    const request = await inRequest(() => email.decryptAll(items, { tenantId: 'acme' }));
    expect(request.attributes).toEqual({});
    expect(spansOf('crypto decrypt contacts.email')).toMatchObject([
      {
        kind: SpanKind.INTERNAL,
        status: { code: SpanStatusCode.UNSET },
        parentSpanContext: { spanId: request.spanContext().spanId },
      },
    ]);
    expect(spansOf('crypto decrypt contacts.email')[0]?.attributes).toEqual({
      ...ofEmail,
      ...anyKey,
      'unite.crypto.count': 300,
    });
  });

  test('that fail together are one failed span, and no event', async () => {
    const email = newEmail();
    const value = await email.encrypt(secret, place(7));
    const items = [7, 8].map((rowId) => ({ rowId, value }));
    const request = await inRequest(() =>
      email.decryptAll(items, { tenantId: 'acme' }).catch(() => undefined),
    );
    const [span] = spansOf('crypto decrypt contacts.email');
    expect(span?.attributes).toMatchObject({ 'error.type': 'UNITE_CRYPTO_AUTHENTICATION_FAILED' });
    expect(span?.events.map(({ name }) => name)).toEqual(['exception']);
    expect(request.events).toEqual([]);
  });
});

test('nobody listens after the end', async () => {
  instrumentation.disable();
  const email = newEmail();
  const request = await inRequest(async () => {
    await email.decrypt(await email.encrypt(secret, place(7)), place(7));
    await email.decrypt('AAAA', place(7)).catch(() => undefined);
  });
  expect([request.attributes, request.events]).toEqual([{}, []]);
});
