import { describe, expect, test } from '@jest/globals';
import { type Answer, attack, reportAs } from '../support/attack/client';

// Of the demo: without one nobody signs in but by the identity provider, which is asked for a code that cannot be guessed.

const [one = '', other = ''] = (process.env.TEST_QUOTA_ORIGINS ?? '').split(',');
const withRedis = one ? describe : describe.skip;

reportAs('guessing');

withRedis('guessing who may sign in', () => {
  test('an account is closed to guesses after some, by whichever process, header or way they come', async () => {
    const userId = `guessed-${crypto.randomUUID()}`;
    const statuses = await guesses(40, (index) => ({
      userId,
      address: `198.51.100.${index}`,
      isForm: index % 3 === 0,
    }));
    // Five are free; the wait before each further one is twice as long.
    expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(13);
  });

  test('an address is, whatever accounts it tries and whatever it says of itself', async () => {
    const address = `2001:db8:${Math.floor(Math.random() * 65_535).toString(16)}::1`;
    const statuses = await guesses(60, (index) => ({
      userId: `nobody-${crypto.randomUUID()}`,
      address,
      spoofed: `203.0.113.${index % 256}`,
    }));
    // Twenty are free, since many may share an address.
    expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(28);
  });

  test('a refusal says when to come back, and not whether the account exists', async () => {
    const userId = `guessed-${crypto.randomUUID()}`;
    await guesses(20, () => ({ userId, address: '198.51.100.7' }));
    const refused = await refusalOf({ userId, address: '198.51.100.8' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.text).not.toContain(userId);
  });

  test('what is no form and no JSON is refused, not failed', async () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded; charset=none',
      'application/json',
    ]) {
      for (const body of [
        '',
        '%',
        'userId',
        'userId=&userId=',
        'userId=%00',
        'userId[]=x',
        `userId=${'x'.repeat(200_000)}`,
      ]) {
        const headers = { 'content-type': type };
        const answer = await attack('/api/session', {
          method: 'POST',
          path: '/api/session',
          origin: one,
          headers,
          body,
        });
        expect({ type, body: body.slice(0, 20), is4xx: Math.floor(answer.status / 100) }).toEqual({
          type,
          body: body.slice(0, 20),
          is4xx: 4,
        });
      }
    }
  });

  async function guesses(count: number, of: (index: number) => Guess): Promise<number[]> {
    const statuses: number[] = [];
    // One after the other, so that what is counted is known before the next.
    for (const index of Array.from({ length: count }, (_, at) => at))
      statuses.push((await guess(of(index), index)).status);
    return statuses;
  }

  /** Where one is let through since the wait is just over, the next has to wait twice as long. */
  async function refusalOf(guessed: Guess): Promise<Answer> {
    const answer = await guess(guessed, 0);
    return answer.status === 429 ? answer : guess(guessed, 0);
  }

  function guess({ userId, address, spoofed, isForm }: Guess, index: number) {
    // The proxy adds the last of them, and the client whatever it likes.
    const headers = {
      'x-forwarded-for': spoofed ? `${spoofed}, ${address}` : address,
      'x-real-ip': spoofed ?? '203.0.113.9',
      'x-client-ip': `203.0.113.${index % 256}`,
      forwarded: `for=203.0.113.${index % 256}`,
      'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    };
    const body = isForm ? `userId=${userId}` : JSON.stringify({ userId });
    return attack('/api/session', {
      method: 'POST',
      path: '/api/session',
      origin: index % 2 ? other : one,
      headers,
      body,
    });
  }
});

interface Guess {
  readonly userId: string;
  readonly address: string;
  /** What the client says before the proxy. */
  readonly spoofed?: string;
  readonly isForm?: boolean;
}
