import { expect, test } from '@jest/globals';
import { manualClock } from '@unite/shared/testing';
import { ContextError } from '../../src/request/context-error';
import { RequestLifetime } from '../../src/request/request-lifetime';

test('aborts at the deadline, with a reason that says how long it was', async () => {
  const clock = manualClock();
  const lifetime = new RequestLifetime(250, undefined, clock);
  expect(lifetime.deadlineAtMs).toBe(clock.wallMs() + 250);
  await clock.advance(249);
  expect(lifetime.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(lifetime.signal.reason).toMatchObject({
    code: 'UNITE_CONTEXT_DEADLINE_EXCEEDED',
    message: 'The request took longer than 250 ms',
  });
});

test('leaves no timer behind', async () => {
  const clock = manualClock();
  const lifetime = new RequestLifetime(250, undefined, clock);
  lifetime.end();
  lifetime.end();
  await clock.advance(1_000);
  expect(clock.sleepers()).toBe(0);
  expect(lifetime.signal.aborted).toBe(false);
});

test('without a timeout there is no deadline and no timer', () => {
  const clock = manualClock();
  expect(new RequestLifetime(undefined, undefined, clock).deadlineAtMs).toBeUndefined();
  expect(clock.sleepers()).toBe(0);
});

test('aborts with the client, also after the deadline was called off', () => {
  const client = new AbortController();
  const lifetime = new RequestLifetime(250, client.signal, manualClock());
  lifetime.end();
  client.abort('gone');
  expect(lifetime.signal.reason).toBe('gone');
  expect(new RequestLifetime(250, client.signal, manualClock()).signal.reason).toBe('gone');
});

test('whoever asks for the signal late finds that the client has gone, and that the deadline has passed', async () => {
  const clock = manualClock();
  const left = new RequestLifetime(250, undefined, clock);
  const late = new RequestLifetime(250, undefined, clock);
  left.clientGone();
  left.end();
  await clock.advance(250);
  expect(left.signal.reason).toMatchObject({ name: 'AbortError', message: 'The client went away' });
  expect(late.signal.reason).toMatchObject({ code: 'UNITE_CONTEXT_DEADLINE_EXCEEDED' });
});

test('ContextError is known across copies, survives React Server Components and answers as 504', () => {
  const error = new ContextError('UNITE_CONTEXT_DEADLINE_EXCEEDED', 'late');
  expect(ContextError.isInstance(error)).toBe(true);
  expect(
    [new Error('late'), null, undefined, 'late', {}, Object.create(null)].some(ContextError.isInstance),
  ).toBe(false);
  expect(error.digest).toBe('unite;UNITE_CONTEXT_DEADLINE_EXCEEDED;504');
  expect((error as unknown as { [key: symbol]: unknown })[Symbol.for('unite.problem')]).toMatchObject({
    status: 504,
    title: 'Gateway Timeout',
  });
});
