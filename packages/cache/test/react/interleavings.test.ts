import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createCacheClient } from '../../src/react';
import { storeOf } from '../../src/react/create-cache-client';
import { type Call, fakeServer } from './support/fake-server';
import { manualClock, settle } from './support/manual-clock';
import { snapshotOf, subscribe } from './support/subscribe';

/**
 * Whatever happens in whatever order, compared after each step with a model that knows nothing of flights:
 * it compares when each request was sent with when something last happened to its key.
 */

type Tokens = readonly string[];

/** One mutation of the model: adds its token to the list below it. */
interface Addition {
  readonly token: string;
  readonly shown: boolean;
  pending: boolean;
}

interface Model {
  mounted: number;
  base: Tokens | undefined;
  additions: Addition[];
  /** When something happened after which older answers are worthless. */
  barrierAt: number;
}

interface Save {
  readonly model: Model;
  readonly addition: Addition;
  readonly call: Call;
}

const keys = ['a', ['b', 1]] as const;
const key = fc.constantFrom(0, 1);
const which = fc.nat(5);
const step = fc.oneof(
  fc.record({ kind: fc.constant('mount' as const), key }),
  fc.record({ kind: fc.constant('unmount' as const), which }),
  fc.record({ kind: fc.constantFrom('answer' as const, 'fail' as const), which }),
  fc.record({ kind: fc.constantFrom('invalidate' as const, 'set' as const, 'add' as const), key }),
  fc.record({ kind: fc.constant('save' as const), key, optimistic: fc.boolean(), revalidate: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('saved' as const, 'done' as const, 'refused' as const), which }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(100, 1_000, 10_000) }),
);

test('no older answer replaces a newer one, rollback is exact, and nothing is left over', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), interleave), { numRuns: 1_000 });
});

async function interleave(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]) {
  const clock = manualClock();
  const client = createCacheClient({
    clock,
    random: () => 0.5,
    defaults: { refreshEveryMs: 4_000, retries: 2 },
  });
  const server = fakeServer();
  const saver = fakeServer();
  const models: Model[] = keys.map(() => ({ mounted: 0, base: undefined, additions: [], barrierAt: 0 }));
  const sentAt = new Map<Call, number>();
  const mounted: { model: Model; unmount: () => void }[] = [];
  const saves: Save[] = [];
  let now = 0;

  const modelOf = (index: number) => models[index] as Model;
  const modelOfCall = (call: Call) => modelOf(keys.findIndex((one) => String(one) === String(call.key)));
  const take = <Item>(items: Item[], index: number) => items.splice(index % (items.length || 1), 1)[0];
  const unanswered: Call[] = [];

  for (const one of steps) {
    now += 1;
    await play(one);
    await settle();
    check();
  }

  now += 1;
  for (const { unmount } of mounted) unmount();
  for (const { call } of saves) await call.answer(undefined);
  await settle();
  noteRequests();
  expect(clock.sleeping()).toEqual([]);
  expect(unanswered.filter(({ signal }) => !signal.aborted)).toEqual([]);
  expect(
    storeOf(client)
      .select(() => true)
      .filter((entry) => entry.isReferred),
  ).toEqual([]);

  async function play(one: (typeof steps)[number]): Promise<void> {
    switch (one.kind) {
      case 'mount': {
        const { unmount } = subscribe(client, keys[one.key] ?? 'a', server.fetcher);
        const model = modelOf(one.key);
        model.mounted += 1;
        mounted.push({ model, unmount });
        return;
      }
      case 'unmount': {
        const component = take(mounted, one.which);
        component?.unmount();
        if (component && --component.model.mounted === 0) component.model.barrierAt = now;
        return;
      }
      case 'answer': {
        const call = take(unanswered, one.which);
        if (!call) return;
        const model = modelOfCall(call);
        const answer = [`answer ${now}`];
        if ((sentAt.get(call) ?? 0) >= model.barrierAt) {
          model.base = answer;
          model.additions = model.additions.filter(({ pending }) => pending);
        }
        return call.answer(answer);
      }
      case 'fail':
        return take(unanswered, one.which)?.fail(new Error('failed'));
      case 'invalidate': {
        modelOf(one.key).barrierAt = now;
        client.invalidate(keys[one.key]);
        return;
      }
      case 'set': {
        Object.assign(modelOf(one.key), { base: [`set ${now}`], additions: [], barrierAt: now });
        client.mutate(keys[one.key] ?? 'a', [`set ${now}`]);
        return;
      }
      case 'add': {
        const token = `add ${now}`;
        const model = modelOf(one.key);
        model.additions.push({ token, shown: true, pending: false });
        model.barrierAt = now;
        client.mutate(keys[one.key] ?? 'a', (list: unknown) => [
          ...((list as Tokens | undefined) ?? []),
          token,
        ]);
        return;
      }
      case 'save': {
        const model = modelOf(one.key);
        const addition = { token: `save ${now}`, shown: one.optimistic, pending: true };
        const optimistic = (list: unknown) => [...((list as Tokens | undefined) ?? []), addition.token];
        const { signal } = new AbortController();
        client
          .mutate<unknown>(keys[one.key] ?? 'a', () => saver.fetcher('save', { signal }), {
            revalidate: one.revalidate,
            ...(one.optimistic && { optimistic }),
          })
          .catch(() => undefined);
        model.additions.push(addition);
        model.barrierAt = now;
        saves.push({ model, addition, call: saver.call(-1) });
        return;
      }
      case 'saved':
      case 'done':
      case 'refused': {
        const save = take(saves, one.which);
        if (!save) return;
        const { model, addition, call } = save;
        const index = model.additions.indexOf(addition);
        model.barrierAt = now;
        addition.pending = false;
        if (one.kind === 'refused') {
          model.additions = model.additions.filter((other) => other !== addition);
          return call.fail(new Error('refused'));
        }
        if (one.kind === 'done') return call.answer(undefined);
        if (index >= 0) {
          model.base = [`saved ${now}`];
          model.additions = model.additions.slice(index + 1);
        }
        return call.answer([`saved ${now}`]);
      }
      case 'wait':
        return clock.advance(one.ms);
    }
  }

  function noteRequests(): void {
    for (const call of server.calls) {
      if (sentAt.has(call)) continue;
      sentAt.set(call, now);
      unanswered.push(call);
    }
  }

  function check(): void {
    noteRequests();
    for (const [index, model] of models.entries()) {
      const additions = model.additions.filter(({ shown }) => shown).map(({ token }) => token);
      const expected = model.base || additions.length > 0 ? [...(model.base ?? []), ...additions] : undefined;
      expect(client.get(keys[index] ?? 'a')).toEqual(expected);
      const underWay = unanswered.filter((call) => modelOfCall(call) === model && !call.signal.aborted);
      expect(underWay.length).toBeLessThanOrEqual(1);
      if (model.mounted === 0) expect(underWay).toEqual([]);
      const { isStale, isValidating, error } = snapshotOf(client, keys[index] ?? 'a');
      if (model.mounted > 0 && isStale) expect({ isValidating, error }).not.toEqual({ isValidating: false });
    }
  }
}
