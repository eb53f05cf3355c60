import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, jest, test } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { defineProblems, ProblemError } from '../src';
import { acceptLanguage } from '../src/languages';
import { exampleProblems, exampleTypes, request, requestWith } from './examples';

const problems = exampleProblems();

describe('a document', () => {
  test('is the one of the front door', async () => {
    const traced = exampleProblems({
      context: () => createContext({ requestId: 'r-1', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }),
    });
    const error = traced.error('validation', {
      detail: 'Email field is required',
      errors: [{ field: 'email', message: 'Required' }],
    });
    const response = traced.respond(error, request);
    expect(response.status).toBe(400);
    expect(await response.text()).toBe(
      JSON.stringify({
        type: 'https://api.example.com/errors/validation',
        title: 'Validation Error',
        status: 400,
        detail: 'Email field is required',
        instance: '/api/contacts',
        errors: [{ field: 'email', message: 'Required', pointer: '#/email' }],
        requestId: 'r-1',
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      }),
    );
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': 'no-store',
      'content-language': 'en',
      'content-type': 'application/problem+json',
      vary: 'Accept, Accept-Language',
      'x-content-type-options': 'nosniff',
    });
  });

  test('reads the shared context by default', () => {
    const shared = defineProblems({ baseUrl: '/errors', types: {} });
    expect(shared.toJSON(shared.error(404))).not.toHaveProperty('requestId');
    const document = runWithContext(createContext({ requestId: 'r-2' }), () =>
      shared.toJSON(shared.error(404)),
    );
    expect(document).toEqual({ type: 'about:blank', title: 'Not Found', status: 404, requestId: 'r-2' });
  });

  test('survives structuredClone, which a thrown error does not', () => {
    const document = problems.toJSON(problems.error('contact-not-found'));
    expect(structuredClone(document)).toEqual(document);
  });

  test('gets members that override nothing', () => {
    const withMembers = exampleProblems({
      members: () => ({
        eventId: 'e-1',
        status: 200,
        title: 'x',
        detail: 'x',
        instance: 'x',
        toJSON: () => 'x',
        errors: 'x',
      }),
    });
    expect(
      withMembers.toJSON(withMembers.error('validation', { errors: [{ field: 'a', message: 'b' }] })),
    ).toEqual({
      type: 'https://api.example.com/errors/validation',
      title: 'Validation Error',
      status: 400,
      errors: [{ field: 'a', message: 'b', pointer: '#/a' }],
      eventId: 'e-1',
    });
  });

  test('keeps the standard five against extensions, and __proto__ a name', () => {
    const extensions = JSON.parse(
      '{"status":200,"type":"x","toJSON":"x","__proto__":{"polluted":true},"balance":30}',
    );
    const text = JSON.stringify(problems.toJSON(problems.error(404, { extensions })));
    expect(JSON.parse(text)).toMatchObject({ status: 404, type: 'about:blank', balance: 30 });
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  });

  test('is answered although an option throws', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const throwing = (): never => {
      throw new Error('secret');
    };
    const broken = exampleProblems({
      context: throwing,
      members: throwing,
      map: throwing,
      html: throwing,
      language: acceptLanguage({ languages: ['en', 'fr'], translate: throwing }),
    });
    const response = broken.respond(
      new Error('x'),
      requestWith({ accept: 'text/html', 'accept-language': 'fr' }),
    );
    expect(await response.json()).toMatchObject({ type: 'about:blank', status: 500 });
    expect(warnings.mock.calls.map(([text]) => text).join()).not.toContain('secret');
    expect(warnings).toHaveBeenCalledTimes(5);
    warnings.mockRestore();
  });

  test('is answered although a member is no JSON', async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    for (const value of [
      cycle,
      1n,
      {
        toJSON: () => {
          throw new Error('secret');
        },
      },
    ]) {
      const response = problems.respond(
        problems.error('contact-not-found', { detail: 'No.', extensions: { value } }),
      );
      expect(await response.json()).toEqual({
        type: 'https://api.example.com/errors/contact-not-found',
        title: 'Contact not found',
        status: 404,
        detail: 'No.',
      });
    }
  });
});

describe('instance', () => {
  test.each([
    ['https://a.test/api/x?token=1', '/api/x'],
    ['https://a.test', '/'],
    ['https://a.test?to=/x', '/'],
    ['/api/x?next=https://b.test/y#z', '/api/x'],
    ['//evil.test/x', '/evil.test/x'],
    ['/a|b/%zz/%20/"ü"\ud800', '/a%7Cb/%25zz/%20/%22%C3%BC%22%EF%BF%BD'],
    ['/line\r\nbreak', '/line%0D%0Abreak'],
  ])('of %j is %j', (url, instance) => {
    expect(problems.toJSON(new Error('x'), { url, headers: new Headers() }).instance).toBe(instance);
  });

  test('can be given', () => {
    const error = problems.error(404, { instance: 'urn:uuid:3f2b' });
    expect(problems.toJSON(error, request).instance).toBe('urn:uuid:3f2b');
  });
});

describe('an answer', () => {
  test('to HEAD has headers and no body', async () => {
    const response = problems.respond(new Error('x'), requestWith({}, 'HEAD'));
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      500,
      'application/problem+json',
      '',
    ]);
  });

  test('carries the headers of type and occurrence', () => {
    const { headers } = problems.respond(
      problems.error('database-unavailable', { headers: { 'cache-control': 'max-age=1', Vary: 'Origin' } }),
    );
    expect(headers.get('retry-after')).toBe('5');
    expect(headers.get('cache-control')).toBe('max-age=1');
    expect(headers.get('vary')).toBe('Accept, Accept-Language, Origin');
    const later = problems.error('database-unavailable', { headers: { 'retry-after': '9' } });
    expect(problems.respond(later).headers.get('retry-after')).toBe('9');
  });

  test('in one language says none', () => {
    const plain = defineProblems({ baseUrl: '/errors/', types: {}, html: false });
    const { headers } = plain.respond(new Error('x'), request);
    expect(headers.get('content-language')).toBeNull();
    expect(headers.get('vary')).toBe('Accept');
    expect(plain.languages).toEqual(['en']);
  });

  test('is a page where the option gives one', async () => {
    const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const paged = exampleProblems({
      html: () => ({ html: '<p>', headers: { 'x-page': 'yes', 'bad name': 'x' } }),
    });
    const response = paged.respond(new Error('x'), request);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('x-page')).toBe('yes');
    expect(await response.text()).toBe('<p>');
    expect(warnings.mock.calls).toEqual([
      [
        'problem: header "bad name" was dropped: not a header of a problem, or no text in Latin-1',
        { type: 'UniteWarning', code: 'UNITE_PROBLEM_HEADER_DROPPED' },
      ],
    ]);
    warnings.mockRestore();
    const never = exampleProblems({ html: false });
    const json = never.respond(new Error('x'), request, { html: () => ({ html: '<p>' }) });
    expect(json.headers.get('content-type')).toBe('application/problem+json');
  });

  test('is published, with the error as it was thrown', () => {
    const messages: unknown[] = [];
    const listen = (message: unknown): void => void messages.push(message);
    subscribe('unite:problem:respond', listen);
    const error = new Error('x');
    problems.respond(error, request);
    unsubscribe('unite:problem:respond', listen);
    problems.respond(error, request);
    expect(messages).toEqual([{ type: 'about:blank', status: 500, error }]);
  });
});

describe('errors', () => {
  test('have a code, a digest and what frameworks look for', () => {
    const cause = new Error('inner');
    const error = problems.error('contact-not-found', {
      detail: 'No such contact',
      cause,
      headers: { 'x-a': 'b' },
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'ProblemError',
      message: 'No such contact',
      code: 'contact-not-found',
      digest: 'unite;contact-not-found;404',
      status: 404,
      headers: { 'x-a': 'b' },
      cause,
    });
    expect(Object.keys(error)).toEqual(['code', 'digest']);
    expect(problems.error(405)).toMatchObject({ code: 'about:blank', digest: 'unite;about:blank;405' });
    expect(Object.isFrozen(error.problem) && Object.isFrozen(error.headers)).toBe(true);
  });

  test('are recognised across copies, and hostile values are not', () => {
    expect(ProblemError.isInstance(problems.error(404))).toBe(true);
    expect(ProblemError.isInstance({ [Symbol.for('unite.problem.error')]: true })).toBe(true);
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('x');
        },
      },
    );
    for (const value of [null, undefined, 'x', {}, new Error('x'), hostile]) {
      expect(ProblemError.isInstance(value)).toBe(false);
    }
  });

  test('of unknown types and statuses are a mistake', () => {
    expect(() => problems.error('validaton' as 'validation')).toThrow(TypeError);
    for (const status of [399, 600, 404.5, Number.NaN])
      expect(() => problems.error(status)).toThrow(TypeError);
  });

  test('bound what they list', () => {
    const errors = Array.from({ length: 130 }, (_, i) => ({ field: `f${i}`, message: 'm'.repeat(600) }));
    const document = problems.toJSON(
      problems.error('validation', { errors, detail: 'x'.repeat(1_999) + '😀'.repeat(9) }),
    );
    expect(document.errors).toHaveLength(100);
    expect(document.errorsOmitted).toBe(30);
    expect(document.errors?.[0]?.message).toHaveLength(500);
    expect(document.detail).toBe(`${'x'.repeat(1_999)}…`);
    const nothing = problems.toJSON(problems.error('validation', { errors: [] }));
    expect(nothing).not.toHaveProperty('errors');
  });

  test.each([
    ['address.city', '#/address/city'],
    ['items[0].price', '#/items/0/price'],
    ['a/b~c', '#/a~1b~0c'],
    ['größe %', '#/gr%C3%B6%C3%9Fe%20%25'],
    ['', '#'],
    ['\ud800', '#/%EF%BF%BD'],
  ])('point to %j by %j', (field, pointer) => {
    const { errors } = problems.toJSON(problems.error('validation', { errors: [{ field, message: 'x' }] }));
    expect(errors?.[0]?.pointer).toBe(pointer);
  });

  test('keep a pointer and a code that are given, and read nonsense as nothing', () => {
    const errors = [{ field: 'a', message: 'b', pointer: '#/c', code: 'd' }, null, { field: 1 }] as never;
    expect(problems.toJSON(problems.error('validation', { errors })).errors).toEqual([
      { field: 'a', message: 'b', pointer: '#/c', code: 'd' },
      { field: '', message: '', pointer: '#' },
      { field: '', message: '', pointer: '#' },
    ]);
  });
});

describe('the registry', () => {
  test('has the types as given, and the built-in ones', () => {
    expect(problems.types).toBe(exampleTypes);
    expect(
      problems.registry
        .filter((entry) => entry.builtIn)
        .map(({ slug, uri, definition }) => [slug, uri, definition.status]),
    ).toEqual([
      ['quota-exceeded', 'https://iana.org/assignments/http-problem-types#quota-exceeded', 429],
      [
        'temporary-reduced-capacity',
        'https://iana.org/assignments/http-problem-types#temporary-reduced-capacity',
        503,
      ],
      [
        'abnormal-usage-detected',
        'https://iana.org/assignments/http-problem-types#abnormal-usage-detected',
        429,
      ],
      ['idempotency-key-missing', 'https://api.example.com/errors/idempotency-key-missing', 400],
      ['idempotency-key-reused', 'https://api.example.com/errors/idempotency-key-reused', 422],
      ['idempotency-key-in-flight', 'https://api.example.com/errors/idempotency-key-in-flight', 409],
    ]);
    const quota = problems.error('quota-exceeded', { extensions: { 'violated-policies': ['daily'] } });
    expect(problems.toJSON(quota)).toMatchObject({ status: 429, 'violated-policies': ['daily'] });
  });

  test('lets an application define a built-in type itself', () => {
    const own = defineProblems({
      baseUrl: '/e',
      types: { 'quota-exceeded': { status: 429, title: 'Mine' } },
    });
    expect(own.toJSON(own.error('quota-exceeded'))).toMatchObject({
      type: '/e/quota-exceeded',
      title: 'Mine',
    });
    expect(own.registry.filter(({ slug }) => slug === 'quota-exceeded')).toHaveLength(1);
  });

  test.each([
    [null, /./],
    [{ types: {} }, /baseUrl/],
    [{ baseUrl: '/errors/' }, /types/],
    [{ baseUrl: 'errors', types: {} }, /baseUrl.*"errors"/],
    [{ baseUrl: '//evil.test/', types: {} }, /baseUrl/],
    [{ baseUrl: 'https://a.test/?x', types: {} }, /baseUrl/],
    [{ baseUrl: 'javascript:alert(1)', types: {} }, /baseUrl/],
    [{ baseUrl: 7, types: {} }, /baseUrl/],
    [{ baseUrl: '/e', types: {}, contxt: 1 }, /contxt/],
    [{ baseUrl: '/e', types: {}, context: 1 }, /context/],
    [{ baseUrl: '/e', types: {}, html: true }, /html/],
    [{ baseUrl: undefined, types: {} }, /baseUrl/],
    [{ baseUrl: '/e', types: {}, language: 'en' }, /language.*"en"/],
    [{ baseUrl: '/e', types: { Nope: { status: 400, title: 'x' } } }, /Nope/],
    [{ baseUrl: '/e', types: { 'a\r\nb': { status: 400, title: 'x' } } }, /type/],
    [{ baseUrl: '/e', types: { '/path': { status: 400, title: 'x' } } }, /type/],
    [{ baseUrl: '/e', types: { a: { status: 200, title: 'x' } } }, /types\["a"\]\.status.*200/],
    [{ baseUrl: '/e', types: { a: { status: 400 } } }, /title/],
    [{ baseUrl: '/e', types: { a: { status: 400, title: '' } } }, /title/],
    [{ baseUrl: '/e', types: { a: { status: 400, title: 'x', headers: { a: 'b\r\nc' } } } }, /headers/],
    [{ baseUrl: '/e', types: { a: { status: 400, title: 'x', headers: 7 } } }, /headers/],
    [{ baseUrl: '/e', types: { a: null } }, /types\["a"\] must be an object, got null/],
    [
      { baseURL: '/e', types: {} },
      /options\.baseURL must be absent \(known are baseUrl, types, .*\), got "\/e"/,
    ],
    [
      { baseUrl: '/e', types: { a: { status: '400' } } },
      /a"\]\.status must be a status from 400 to 599, got "400"/,
    ],
    [{ baseUrl: '/e', types: { a: { status: 400, title: 'x', ttle: 'x' } } }, /ttle/],
  ])('refuses %j', (options, message) => {
    expect(() => defineProblems(options as never)).toThrow(TypeError);
    expect(() => defineProblems(options as never)).toThrow(message);
  });
});

test.each([
  ['validaton', 'problems: no type "validaton"; there are validation,'],
  [undefined, 'problems: no type undefined; there are validation,'],
  [200, 'problems: no type 200; there are validation,'],
])('an error of the type %p names the types that there are', (type, message) => {
  const { error } = defineProblems({ baseUrl: '/e', types: { validation: { status: 400, title: 'V' } } });
  expect(() => error(type as never)).toThrow(message);
});

test.each([
  ['Email is required', 'a string was dropped'],
  [{ message: 'Email is required' }, '"message" was dropped'],
])('says once that of the occurrence %p nothing is sent, and not what it was', (occurrence, text) => {
  delete (globalThis as { [key: symbol]: unknown })[Symbol.for('unite.warned.1')];
  const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  expect(problems.toJSON(problems.error('validation', occurrence as never))).not.toHaveProperty('detail');
  expect(warnings.mock.calls).toEqual([
    [
      `problems.error: ${text}; an occurrence is an object with detail, instance, errors, extensions, headers, cause`,
      { type: 'UniteWarning', code: 'UNITE_PROBLEM_MEMBER_DROPPED' },
    ],
  ]);
  warnings.mockRestore();
});
