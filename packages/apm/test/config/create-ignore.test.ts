import { expect, it } from '@jest/globals';
import { startApm } from '../../src';
import type { ErrorEvent } from '../../src/capture/capture-types';
import { createIgnore } from '../../src/config';
import type { IgnoreRule } from '../../src/config/config-types';
import { errorEvent } from '../support/error-event';

const reset = errorEvent(
  { type: 'SystemError', code: 'ECONNRESET', message: 'read ECONNRESET of 10.0.0.7' },
  { route: 'GET /api/events' },
);
const message = (text: string) => errorEvent({ message: text });

it.each<[string, IgnoreRule, ErrorEvent, boolean]>([
  ['a type', { type: 'SystemError' }, reset, true],
  ['another type', { type: 'Error' }, reset, false],
  ['a code', { code: 'ECONNRESET' }, reset, true],
  ['another code', { code: 'EPIPE' }, reset, false],
  ['how a message begins', { message: 'read ECONNRESET' }, reset, true],
  ['what stands later in a message', { message: 'ECONNRESET' }, reset, false],
  ['a pattern', { message: /10\.0\.\d+\.\d+$/ }, reset, true],
  ['another pattern', { message: /^ECONN/ }, reset, false],
  ['a pattern beyond the first 1,000 characters', { message: /b/ }, message(`${'a'.repeat(1_000)}b`), false],
  ['a route', { route: 'GET /api/events' }, reset, true],
  ['a beginning of a route', { route: 'GET /api/*' }, reset, true],
  ['another beginning', { route: 'POST /*' }, reset, false],
  ['a route where there is none', { route: '*' }, message(''), false],
  ['a kind', { kind: 'request' }, reset, true],
  ['another kind', { kind: 'browser' }, reset, false],
  ['all that is said', { type: 'SystemError', code: 'ECONNRESET', message: 'read' }, reset, true],
  ['some of what is said', { type: 'SystemError', code: 'EPIPE' }, reset, false],
  ['a fatal error', { type: 'SystemError' }, { ...reset, level: 'fatal' }, false],
])('%s', (_, rule, event, isIgnored) => {
  const ignores = createIgnore([{ code: 'never' }, rule]);
  expect([ignores(event), ignores(event)]).toEqual([isIgnored, isIgnored]);
});

it('a pattern that remembers where it stopped does not do so here', () => {
  const ignores = createIgnore([{ message: /read/gy }]);
  expect([1, 2, 3].map(() => ignores(reset))).toEqual([true, true, true]);
});

it('a share is of the ids of events', () => {
  const ignores = createIgnore([{ type: 'SystemError', share: 0.9 }]);
  const sent = Array.from({ length: 2_000 }, () => crypto.randomUUID().replaceAll('-', ''))
    .map((id) => ({ ...reset, id }))
    .filter((event) => !ignores(event));
  expect(sent.length).toBeGreaterThan(100);
  expect(sent.length).toBeLessThan(320);
});

it('nothing is ignored without a rule', () => {
  expect(createIgnore()(reset)).toBe(false);
});

it.each<[string, unknown]>([
  ['option "ignore" must be a list of 100 rules at most, got an object', {}],
  ['option "ignore" must be a list of 100 rules at most, got 101', Array(101).fill({ type: 'E' })],
  ['ignore[0]: must say a kind, type, code, route or message', [{}]],
  ['ignore[1]: must say a kind, type, code, route or message', [{ type: 'E' }, { share: 0.5 }]],
  ['ignore[0]: option "message" must be a non-empty string or a RegExp, got ""', [{ message: '' }]],
  ['ignore[0]: option "share" must be a number from 0 to 1, got 2', [{ type: 'E', share: 2 }]],
  ['ignore[0]: unknown option "status"', [{ status: 404 }]],
  ['ignore[0]: options must be an object, got "E"', ['E']],
])('refuses: %s', (text, rules) => {
  expect(() => createIgnore(rules as IgnoreRule[])).toThrow(text);
});

it('startApm sends nothing that is ignored, counts it, and puts its tags on the others', async () => {
  const sent: ErrorEvent[] = [];
  const sink = {
    name: 'memory',
    error: (event: ErrorEvent) => void sent.push(event),
    stats: () => ({ accepted: sent.length, sent: sent.length, queued: 0, dropped: {} }),
    flush: async () => undefined,
    close: async () => undefined,
  };
  const ignore = [{ type: 'RangeError' }];
  const tags = { region: 'eu', tier: 'web' };
  const apm = startApm({ service: { name: 'crm' }, sinks: [sink], crash: false, ignore, tags });
  const ignored = new RangeError('far');
  expect([apm.captureError(ignored), apm.captureError(ignored)]).toEqual([undefined, undefined]);
  expect(apm.captureError(new Error('it broke'), { tags: { tier: 'job' } })).toBeDefined();
  expect(sent.map((event) => event.tags)).toEqual([{ region: 'eu', tier: 'job' }]);
  expect(apm.integrity()).toMatchObject({
    errors: { ignored: 1, repeated: 1, overBudget: 0 },
    isComplete: true,
  });
  await apm.close();
});
