import { afterEach, describe, expect, test } from '@jest/globals';
import { fetchPage } from '../../src/dashboard/client/live/fetch-page';
import { postAction } from '../../src/dashboard/client/post-action';
import { closeServers, listen } from '../support/local-server';

describe('what a page asks its server', () => {
  afterEach(closeServers);

  const answering = async (status: number, body: string) => {
    const { port } = await listen((_request, response) => {
      response.statusCode = status;
      response.end(body);
    });
    return `http://127.0.0.1:${port}/ops/api/now`;
  };

  test('is a page', async () => {
    expect(await fetchPage(await answering(200, '{"screen":"now"}'))).toEqual({
      kind: 'page',
      page: { screen: 'now' },
    });
  });

  test.each([
    [401, 'refused'],
    [403, 'refused'],
    [500, 'failed'],
    [200, 'failed'],
  ])('comes to nothing: %d is %s', async (status, kind) => {
    expect(await fetchPage(await answering(status, 'no JSON'))).toEqual({ kind });
  });

  test('is an action, which says why it was not done', async () => {
    expect(await postAction(await answering(204, ''), {})).toBeUndefined();
    expect(await postAction(await answering(403, '{"title":"Off","detail":"Actions are off."}'), {})).toBe(
      'Actions are off.',
    );
    expect(await postAction(await answering(403, '{"title":"Off"}'), {})).toBe('Off');
    expect(await postAction(await answering(500, '{"title":7}'), {})).toBe(
      'The application has answered with 500.',
    );
    expect(await postAction(await answering(502, 'Bad gateway'), {})).toBe(
      'The application has answered with 502.',
    );
  });

  test('has no answer where nobody listens', async () => {
    const url = await answering(200, '{}');
    await closeServers();
    expect(await fetchPage(url)).toEqual({ kind: 'failed' });
    expect(await postAction(url, {})).toBe('The application does not answer.');
  });
});
