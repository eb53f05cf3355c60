import { describe, expect, test } from '@jest/globals';
import type { Provider } from '@openfeature/server-sdk';
import { createFlags } from '../lib/flags/create-flags';
import { flagProvider } from '../lib/flags/flag-provider';
import { flagSettings } from '../lib/flags/flag-settings';
import { newContact } from './support/api';
import { one } from './support/quota';
import { streamScore } from './support/scoring';
import { type ReceivedSpan, receivedTrace, traceIdOf } from './support/traces';

const withRedis = one ? describe : describe.skip;

withRedis('a flag in the application (needs Redis)', () => {
  const workspace = 'harbour';

  test('the trace says which variant of the flag the request was served', async () => {
    const { response, rest } = await streamScore((await newContact({}, workspace, one)).id, workspace);
    await rest();
    const evaluations = (spans: readonly ReceivedSpan[]) =>
      spans.flatMap(({ events }) => events.filter(({ name }) => name === 'feature_flag.evaluation'));
    const spans = await receivedTrace(traceIdOf(response), (all) => evaluations(all).length > 0);
    expect(evaluations(spans).map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({
        'feature_flag.key': 'score-streaming',
        'feature_flag.result.variant': 'on',
        'feature_flag.provider.name': 'in-memory',
        'feature_flag.context.id': workspace,
      }),
    ]);
  });

  test('with the flag off the same request is answered all at once', async () => {
    const { id } = await newContact({ name: crypto.randomUUID() }, workspace);
    const { response, rest } = await streamScore(id, workspace, process.env.TEST_ORIGIN);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await rest()).toEqual([]);
  });
});

describe('feature flags', () => {
  const flagsFor = (targetingKey: string, provider: Provider, timeoutMs = 60_000) =>
    createFlags({
      provider,
      evaluationContext: () => ({ targetingKey }),
      timeoutMs,
      domain: crypto.randomUUID(),
    });

  test('a share is the same for a workspace each time, and about as large as it is set', async () => {
    const tenants = Array.from({ length: 100 }, (_, index) => `tenant-${index}`);
    const ask = () =>
      Promise.all(
        tenants.map((tenant) =>
          flagsFor(tenant, flagProvider({ 'score-streaming': { on: 0.3 } })).isOn('score-streaming'),
        ),
      );
    const answers = await ask();
    expect(await ask()).toEqual(answers);
    const share = answers.filter(Boolean).length / tenants.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.5);
  });

  test('a provider that fails, or never answers, gives the default', async () => {
    const broken = (resolve: () => Promise<never>): Provider => ({
      metadata: { name: 'broken' },
      resolveBooleanEvaluation: resolve,
      resolveStringEvaluation: resolve,
      resolveNumberEvaluation: resolve,
      resolveObjectEvaluation: resolve,
    });
    const failing = broken(() => Promise.reject(new Error('out of order')));
    const hanging = broken(() => new Promise<never>(() => undefined));
    expect(await flagsFor('harbour', failing).isOn('score-streaming')).toBe(true);
    expect(await flagsFor('harbour', hanging, 1).isOn('score-streaming')).toBe(true);
  });

  test('what the environment says wrongly is named', () => {
    const messages = (text: string) =>
      flagSettings.safeParse(text).error?.issues.map(({ message }) => message) ?? [];
    expect(messages('{"score-streaming":{"on":0.1},"hot-leads-panel":"off"}')).toEqual([]);
    expect(messages('off')).toEqual(['must be a JSON object such as {"score-streaming":"off"}']);
    expect(messages('{"score-streaming":{"on":7}}')).toEqual([
      '"score-streaming" must be "on", "off" or {"on": a share from 0 to 1}',
    ]);
    expect(messages('{"scores":"on"}')).toEqual([
      '"scores" is no flag; there are score-streaming, hot-leads-panel',
    ]);
  });
});
