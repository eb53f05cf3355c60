import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from '@jest/globals';
import { createContext, currentContext, runWithContext } from '@unite/core/context';
import { observing } from '../support/observing';

test('says the route, the outcome and how long it took', () => {
  const apm = observing();
  const observation = apm.observe({ method: 'GET', route: '/api/contacts/[id]' });
  apm.clock.nowMs = 12.34;
  expect(observation.serverTiming()).toBe('app;dur=12.3');
  observation.end({ status: 201 });
  expect(apm.finished).toEqual([
    {
      route: 'GET /api/contacts/[id]',
      status: 201,
      isError: false,
      isAborted: false,
      durationMs: 12.34,
      endedAtMs: 1_012.34,
      traceId: undefined,
    },
  ]);
});

test('takes route and trace from the context, which may learn them late', () => {
  const apm = observing();
  const context = createContext({ route: 'POST /teams/:team', traceId: 'a'.repeat(32) });
  runWithContext(context, () => apm.observe({ method: 'POST' }).end());
  expect(apm.finished).toMatchObject([{ route: 'POST /teams/:team', traceId: 'a'.repeat(32), status: 200 }]);
});

test('has one route for whatever none was found for, and one method for what is made up', () => {
  const apm = observing();
  apm.observe({ method: 'GET' }).end({ status: 404 });
  apm.observe({ method: 'X'.repeat(5_000) }).end();
  expect(apm.finished.map(({ route }) => route)).toEqual(['GET unmatched', '_OTHER unmatched']);
});

test('a route that is named late wins, and nothing does not', () => {
  const apm = observing();
  const observation = apm.observe({ method: 'GET', route: '/first' });
  observation.named('/second');
  observation.named(undefined);
  observation.end();
  expect(apm.finished[0]?.route).toBe('GET /second');
});

test('counts once', () => {
  const apm = observing();
  const observation = apm.observe({ method: 'GET' });
  observation.end({ isAborted: true });
  observation.end({ status: 500 });
  expect(apm.finished).toMatchObject([{ status: 200, isAborted: true }]);
});

test('captures failures, and not what was meant as an answer', () => {
  const apm = observing();
  const refused = Object.assign(new Error('no'), { [Symbol.for('unite.problem')]: { status: 409 } });
  const down = Object.assign(new Error('down'), { [Symbol.for('unite.problem')]: { status: 503 } });
  const moved = Object.assign(new Error(), { digest: 'NEXT_REDIRECT;replace;/login;307;' });
  const bug = new TypeError('bug');
  const outcomes = [refused, down, moved, bug].map((thrown) => {
    const observation = apm.observe({ method: 'GET' });
    const id = observation.failed(thrown);
    observation.end();
    return id;
  });
  expect(outcomes).toEqual([undefined, 'event-1', undefined, 'event-2']);
  expect(apm.captured).toEqual([down, bug]);
  expect(apm.finished.map(({ status, isError }) => [status, isError])).toEqual([
    [409, false],
    [503, true],
    [307, false],
    [500, true],
  ]);
});

test('gives work a context where there is none, and leaves the one that there is', () => {
  const apm = observing();
  const inside = apm.observe({ method: 'GET' }).run(() => currentContext());
  expect(inside?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  const context = createContext();
  runWithContext(context, () => {
    expect(apm.observe({ method: 'GET' }).run(() => currentContext())).toBe(context);
  });
});

test('tells on its channel whose request it was, and which event it left', () => {
  const told: unknown[] = [];
  const listen = (message: unknown) => told.push(message);
  const apm = observing();
  apm.observe({ method: 'GET', route: '/unheard' }).end();
  subscribe('unite:apm:request', listen);
  const context = createContext({ requestId: 'r-1', tenantId: 'acme', traceId: 'a'.repeat(32) });
  runWithContext(context, () => {
    const observation = apm.observe({ method: 'GET', route: '/contacts/[id]' });
    const eventId = observation.failed(new TypeError('bug'));
    observation.end();
    expect(told).toMatchObject([
      {
        requestId: 'r-1',
        route: 'GET /contacts/[id]',
        status: 500,
        isError: true,
        tenantId: 'acme',
        traceId: 'a'.repeat(32),
        eventId,
      },
    ]);
  });
  unsubscribe('unite:apm:request', listen);
});
