import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer';
import { instructions, questionAbout } from '../lib/scoring/prompt';
import { reasonSoFar } from '../lib/scoring/reason-so-far';
import type { ContactScore } from '../lib/scoring/score-types';
import type { UsageDocument } from '../lib/usage/usage-document';
import { type Answer, api, newContact, signIn } from './support/api';
import { eventually } from './support/cache';
import { one, other, scorerIs, usageOf, usedOf } from './support/quota';
import { heardIn, scorerHas, scorerState, streamScore } from './support/scoring';

const withRedis = one ? describe : describe.skip;

withRedis('a score that streams (needs Redis)', () => {
  const workspace = 'harbour';
  const tokens = async () => usedOf(await usageOf(workspace), 'aiTokensPerDay');
  const unscored = async (name = crypto.randomUUID()) =>
    (await newContact({ name, company: 'Quill', jobTitle: 'Chief Buyer' }, workspace, one)).id;
  const scoreIn = (event: { readonly data: string } | undefined) =>
    JSON.parse(event?.data ?? '{}') as ContactScore;

  afterEach(() => scorerIs({}));

  test('the reason arrives while the model speaks, then the score with what it cost; again it costs nothing', async () => {
    const id = await unscored();
    const before = await tokens();
    await scorerIs({ holdAfterChunks: 8 });
    const stream = await streamScore(id, workspace);
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(stream.response.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
    // The model is held back: this has come before its end.
    const first = await stream.next();
    expect(first?.event).toBe('reason');
    expect((await scorerState()).streams.open).toBe(1);

    await scorerIs({});
    const rest = await stream.rest();
    expect(rest.at(-1)?.event).toBe('score');
    const score = scoreIn(rest.at(-1));
    expect(score).toMatchObject({ from: 'model', model: 'unite-demo-scorer' });
    expect(heardIn([...(first ? [first] : []), ...rest])).toBe(score.reason);
    expect(score.charged.tokens).toBeGreaterThan(100);
    expect(await tokens()).toBe(before + score.charged.tokens);
    expect((await api(`/api/contacts/${id}`, { workspace, origin: one })).json.score).toBe(score.score);

    for (const [origin, from] of [
      [one, 'memory'],
      [other, 'redis'],
    ] as const) {
      const [again, ...more] = await (await streamScore(id, workspace, origin)).rest();
      expect([again?.event, more]).toEqual(['score', []]);
      expect(scoreIn(again)).toMatchObject({
        score: score.score,
        from,
        charged: { tokens: 0, costUsd: '0.00' },
      });
    }
    expect(await tokens()).toBe(before + score.charged.tokens);
  });

  test('those who ask meanwhile hear the same from its beginning, and one of them pays', async () => {
    const id = await unscored();
    const before = await tokens();
    await scorerIs({ holdAfterChunks: 8 });
    const streams = [await streamScore(id, workspace), await streamScore(id, workspace)];
    const whole = api(`/api/contacts/${id}/score`, { method: 'POST', workspace, origin: one });
    expect((await scorerState()).streams.open).toBe(1);
    await scorerIs({});
    const [first = [], second = []] = await Promise.all(streams.map((stream) => stream.rest()));
    const scores = [scoreIn(first.at(-1)), scoreIn(second.at(-1))];
    const third = JSON.parse((await whole).text) as ContactScore;
    expect(scores.map(({ from }) => from)).toEqual(['model', 'shared']);
    // It may have been on its way until the answer was there.
    expect(['shared', 'memory']).toContain(third.from);
    expect([heardIn(first), heardIn(second), third.reason]).toEqual(Array(3).fill(scores[0]?.reason));
    expect([scores[1]?.charged.tokens, third.charged.tokens]).toEqual([0, 0]);
    expect(await tokens()).toBe(before + (scores[0]?.charged.tokens ?? Number.NaN));
  });

  test('who leaves ends the call of the model, and pays what it has read and said; nothing of it is kept', async () => {
    const id = await unscored();
    const before = await tokens();
    const { left } = (await scorerState()).streams;
    await scorerIs({ holdAfterChunks: 8 });
    const stream = await streamScore(id, workspace);
    await stream.next();
    stream.leave();
    await scorerHas(({ streams }) => streams.open === 0 && streams.left === left + 1);
    await scorerIs({});
    const contact = (await api(`/api/contacts/${id}`, { workspace, origin: one })).json;
    const read = countTokens(`${instructions}\n${questionAbout(contact)}`);
    // Until it is settled, the most that it could have cost is held.
    const { text } = await eventually(
      '/api/usage',
      { workspace, origin: one },
      (answer) => usedIn(answer) <= before + read + 8,
    );
    expect(usedIn({ text })).toBeGreaterThanOrEqual(before + read);
    expect(contact.score).toBe(null);
    await scorerIs({});
    expect(scoreIn((await (await streamScore(id, workspace)).rest()).at(-1)).from).toBe('model');
  });

  test('one who leaves takes nothing from another who listens', async () => {
    const id = await unscored();
    await scorerIs({ holdAfterChunks: 8 });
    const [leaves, stays] = [await streamScore(id, workspace), await streamScore(id, workspace)];
    leaves.leave();
    await scorerIs({});
    const events = await stays.rest();
    expect(events.at(-1)?.event).toBe('score');
    expect(heardIn(events)).toBe(scoreIn(events.at(-1)).reason);
  });

  test('a model that breaks off costs nothing: before its first word by status, after it by a problem', async () => {
    const id = await unscored();
    const before = await tokens();
    await scorerIs({ failAfterChunks: 0 });
    const refused = await streamScore(id, workspace);
    expect(refused.response.status).toBe(502);
    expect(refused.response.headers.get('content-type')).toMatch(/problem\+json/);
    await refused.rest();

    await scorerIs({ holdAfterChunks: 8 });
    const broken = await streamScore(id, workspace);
    expect([broken.response.status, (await broken.next())?.event]).toEqual([200, 'reason']);
    await scorerIs({ failAfterChunks: 8 });
    const last = (await broken.rest()).at(-1);
    expect(last?.event).toBe('problem');
    expect(JSON.parse(last?.data ?? '')).toMatchObject({
      status: 502,
      type: expect.stringMatching(/\/errors\/scoring-failed$/),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(await tokens()).toBe(before);
    expect((await api(`/api/contacts/${id}`, { workspace, origin: one })).json.score).toBe(null);

    await scorerIs({});
    expect(scoreIn((await (await streamScore(id, workspace)).rest()).at(-1)).from).toBe('model');
  });

  test('what is refused is refused before the stream: a viewer, a foreign contact', async () => {
    const id = await unscored();
    const headers = { accept: 'text/event-stream' };
    const ask = { method: 'POST', origin: one, headers };
    const cookie = await signIn('harbour-luis');
    const viewer = await api(`/api/contacts/${id}/score`, { ...ask, cookie });
    const stranger = await api(`/api/contacts/${id}/score`, { ...ask, workspace: 'copperline' });
    expect([viewer.status, stranger.status]).toEqual([403, 404]);
    expect(stranger.headers.get('content-type')).toMatch(/problem\+json/);
  });
});

describe('what is shown of an answer that is not yet whole', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const answers = fc.oneof(
    fc.record({ reason: text, score: fc.nat(100) }, { noNullPrototype: true }),
    fc.record({ score: fc.nat(100), reason: text }, { noNullPrototype: true }),
    fc.record({ more: fc.jsonValue(), reason: text }, { noNullPrototype: true }),
  );

  test('is always the beginning of the reason, grows, and is all of it at the end', () => {
    fc.assert(
      fc.property(answers, fc.constantFrom(0, 2), (answer, indent) => {
        const json = JSON.stringify(answer, null, indent);
        let before = '';
        for (let end = 0; end <= json.length; end++) {
          const shown = reasonSoFar(json.slice(0, end));
          if (!answer.reason.startsWith(shown)) return false;
          if (shown.length > before.length) before = shown;
        }
        return reasonSoFar(json) === answer.reason;
      }),
    );
  });

  test('is nothing where there is no reason, whatever a model says', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (said) => typeof reasonSoFar(said) === 'string'));
    expect(['', 'Sure! Here', '[1,', '{"reason":3', '{"score":12}'].map(reasonSoFar)).toEqual(
      Array(5).fill(''),
    );
  });
});

function usedIn({ text }: Pick<Answer, 'text'>): number {
  return usedOf(JSON.parse(text) as UsageDocument, 'aiTokensPerDay');
}
