import { describe, expect, it } from '@jest/globals';
import { createRedactor } from '@unite/shared/redaction';
import { boundedJson } from '../../src/capture/bounded-json';

const redact = createRedactor('UNITE_APM_REDACT_FAILED');
const jsonOf = (value: Record<string, unknown>) => boundedJson(value, 'extra', redact);
const sizeOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

describe('boundedJson', () => {
  it('says anything in JSON', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const broken = {
      get value() {
        throw new Error('getter');
      },
    };
    const rest = {
      toJSON() {
        throw new Error('no JSON');
      },
    };
    const mirror = { toJSON: () => circle };
    expect(
      jsonOf({
        text: 'a',
        none: undefined,
        null: null,
        big: 12n,
        nan: Number.NaN,
        symbol: Symbol('s'),
        call: () => 1,
        date: new Date(0),
        url: new URL('https://crm.example/'),
        map: new Map<unknown, unknown>([
          ['a', 1],
          [{}, 2],
        ]),
        set: new Set([1, 'b']),
        bytes: new Uint8Array(3),
        buffer: new ArrayBuffer(2),
        error: new RangeError('far'),
        contact: { name: 'Ada', message: 'hi' },
        list: [1, undefined],
        circle,
        mirror,
        broken,
        rest,
        ['__proto__']: 1,
        deep: { a: { b: { c: { d: { e: { f: 1 } } } } } },
      }),
    ).toEqual({
      text: 'a',
      null: null,
      big: '12',
      nan: 'NaN',
      symbol: 'Symbol(s)',
      call: '[function]',
      date: '1970-01-01T00:00:00.000Z',
      url: 'https://crm.example/',
      map: { a: 1, '[object]': 2 },
      set: [1, 'b'],
      bytes: '[Uint8Array of 3 bytes]',
      buffer: '[ArrayBuffer of 2 bytes]',
      error: 'RangeError: far',
      contact: { name: 'Ada', message: 'hi' },
      list: [1, null],
      circle: { self: '[circular]' },
      mirror: { self: '[circular]' },
      broken: { value: '[unreadable]' },
      rest: '[unreadable]',
      ['__proto__']: 1,
      deep: { a: { b: { c: { d: { e: '[deeper]' } } } } },
    });
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['texts', () => Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, 'é'.repeat(100_000)]))],
    ['escapes', () => ({ a: '\u0000'.repeat(100_000), b: ['\ud800'.repeat(5_000), '"'.repeat(5_000)] })],
    [
      'lists',
      () => ({ list: Array.from({ length: 50 }, () => Array.from({ length: 1_000 }, () => 'x'.repeat(50))) }),
    ],
    ['keys', () => Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`${i}`.padEnd(500, 'k'), 1]))],
    ['big sets', () => ({ set: new Set(Array.from({ length: 100_000 }, (_, i) => i)) })],
  ])('is 16 kB at most: %s', (_, make) => {
    const json = jsonOf(make());
    expect(sizeOf(json)).toBeLessThanOrEqual(16_384);
    expect(Object.keys(json).length).toBeLessThanOrEqual(51);
  });

  it('says that it was cut', () => {
    const texts = Array.from({ length: 20 }, (_, index) => [`k${index}`, 'x'.repeat(2_000)]);
    expect(jsonOf(Object.fromEntries(texts))['[cut]']).toBe('the rest is over 16 kB');
    expect(jsonOf({ list: Array.from({ length: 60 }, () => 1) }).list).toContain('[10 more]');
  });

  it('redacts by the names above a value, and keys as well', () => {
    expect(jsonOf({ cookies: { theme: 'dark' }, 'a?token=b': 1, card: 4111111111111111 })).toEqual({
      cookies: { '[redacted]': '[redacted]' },
      'a?token=[redacted]': '[redacted]',
      card: '[redacted]',
    });
    expect(
      boundedJson({ note: 'x' }, 'extra', (key, text) => (key === 'extra.note' ? undefined : text)),
    ).toEqual({
      note: '[removed]',
    });
  });

  it('is empty where nothing can be read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(jsonOf(proxy)).toEqual({});
    expect(jsonOf({ proxy })).toEqual({ proxy: '[unreadable]' });
  });
});
