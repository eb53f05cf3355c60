import { afterEach, expect, it } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { createTestApm, type TestApm, type TestApmOptions } from '../../src/testing';

let test: TestApm | undefined;
afterEach(async () => test?.close());

function open(options?: TestApmOptions): TestApm {
  test = createTestApm(options);
  return test;
}

it('keeps what an application tells', () => {
  const { apm, errors, deployments, feedback, metric, expectError } = open();
  apm.count('contacts_created', 2, { plan: 'pro' });
  apm.count('contacts_created', 3, { plan: 'free' });
  apm.gauge('queue_length', 7);
  apm.gauge('queue_length', 4);
  apm.record('import_duration_seconds', 1.5);
  runWithContext(createContext({ route: 'POST /api/contacts', tenantId: 'acme' }), () =>
    apm.captureError(new TypeError('it broke'), { tags: { step: 'save', part: 'form' } }),
  );
  apm.feedback({ message: 'It does not work' });
  apm.deployed({ id: 'd-2' });
  expect(metric('contacts_created')).toBe(5);
  expect(metric('contacts_created', { plan: 'pro' })).toBe(2);
  expect(metric('contacts_created', { plan: 'none' })).toBeUndefined();
  expect(metric('contacts_created', { region: undefined })).toBeUndefined();
  expect(metric('queue_length')).toBe(4);
  expect(metric('import_duration_seconds')).toBe(1.5);
  const event = expectError({
    type: 'TypeError',
    message: /broke/,
    tags: { step: 'save' },
    tenantId: 'acme',
  });
  expect(errors).toEqual([event]);
  expect(expectError({ code: undefined, message: 'it broke', isHandled: true })).toBe(event);
  expect(feedback).toMatchObject([{ message: 'It does not work' }]);
  expect(deployments).toMatchObject([{ id: 'd-2' }]);
});

it('says which errors there are where none matches', () => {
  const { apm, expectError } = open();
  expect(() => expectError({})).toThrow('expectError: no error matches; captured were: none');
  apm.captureError(new RangeError('far'));
  const text = 'captured were: RangeError: far (captured, no route)';
  for (const matcher of [
    { type: 'TypeError' },
    { message: 'fa' },
    { tags: { a: 'b' } },
    { kind: 'request' },
  ] as const)
    expect(() => expectError(matcher)).toThrow(text);
});

it('forgets when it is told to, and gives no sum that could be wrong', () => {
  const kept = open({ maxKept: 10 });
  for (const _ of Array.from({ length: 11 })) kept.apm.count('calls');
  expect(kept.points).toHaveLength(10);
  expect(() => kept.metric('calls')).toThrow('more than 10 were recorded');
  kept.reset();
  kept.apm.count('calls');
  expect([kept.metric('calls'), kept.points.length]).toEqual([1, 1]);
});

it('listens for nothing on the process, and takes what startApm takes', () => {
  const before = process.eventNames().map((name) => [name, process.listenerCount(name)]);
  const { apm } = open({ service: { name: 'crm', release: 'v7' }, ignore: [{ type: 'RangeError' }] });
  expect(process.eventNames().map((name) => [name, process.listenerCount(name)])).toEqual(before);
  expect(apm.service).toMatchObject({ name: 'crm', release: 'v7' });
  expect(apm.captureError(new RangeError('far'))).toBeUndefined();
});

it('refuses what is no option', () => {
  expect(() => createTestApm({ maxKept: 0 })).toThrow(
    'option "maxKept" must be a whole number from 1, got 0',
  );
  expect(() => createTestApm({ sink: [] } as TestApmOptions)).toThrow('unknown option "sink"');
});
