import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type HttpCheckOptions, httpCheck } from '../../src/checks';
import { ask } from './support/ask';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function answering(status: number, headers = {}): Promise<string> {
  return serve((_, response) => response.writeHead(status, headers).end('secret'));
}

/** Time enough where an answer is expected: the first `fetch` of a process has to be loaded. */
function patient(options: HttpCheckOptions) {
  return ask(httpCheck({ timeoutMs: 10_000, ...options }));
}

describe('httpCheck', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  it('is up where the service answers, or as is expected of it', async () => {
    expect(await patient({ url: await answering(200) })).toMatchObject({
      status: 'up',
      detail: 'answers 200',
    });
    expect((await patient({ url: await answering(401), expect: [401] })).status).toBe('up');
    expect((await patient({ url: await answering(200), expect: [204] })).status).toBe('down');
    expect(await patient({ url: await answering(503) })).toMatchObject({
      status: 'down',
      detail: 'answers 503',
    });
  });

  it('follows no redirect', async () => {
    let isFollowed = false;
    const url = await serve((request, response) => {
      isFollowed ||= request.url === '/elsewhere';
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(await patient({ url })).toMatchObject({ status: 'down', detail: 'answers 302' });
    expect(isFollowed).toBe(false);
  });

  it('does not wait for the end of an answer', async () => {
    const closed = new Promise<void>((resolve) => {
      void serve((_, response) => {
        response.writeHead(200).write('first');
        response.once('close', resolve);
      }).then(async (url) => expect((await patient({ url })).status).toBe('up'));
    });
    await closed;
  });

  it('is down in time where nothing answers, and lets go of the connection', async () => {
    let isClosed: Promise<void> = Promise.reject(new Error('nobody has asked'));
    isClosed.catch(() => undefined);
    const url = await serve((request) => {
      isClosed = new Promise((resolve) => request.socket.once('close', () => resolve()));
    });
    expect(await ask(httpCheck({ url, timeoutMs: 500 }))).toMatchObject({
      status: 'down',
      detail: 'no answer in 450 ms',
    });
    await isClosed;
  });

  it('says in words what failed, and no address', async () => {
    const url = await answering(200);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await patient({ url })).toMatchObject({ status: 'down', detail: 'refuses connections' });
    const cut = await serve(({ socket }) => socket.destroy());
    expect((await patient({ url: cut })).detail).toBe('closed the connection');
  });

  it('ends with its signal', async () => {
    const check = httpCheck({ url: await serve(() => undefined) });
    const abort = new AbortController();
    const running = check.run(abort.signal);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await expect(check.run(abort.signal)).rejects.toThrow('enough');
  });

  it.each([
    [undefined, 'option "url" must be an http: or https: URL without a user'],
    [{ url: 'ftp://host/' }, 'option "url" must be an http: or https: URL without a user'],
    [{ url: '/health' }, 'option "url" must be an http: or https: URL without a user'],
    [
      { url: 'http://host/', expect: [] },
      'option "expect" must be an array of statuses, 100 to 599, got an array',
    ],
    [
      { url: 'http://host/', expect: 200 },
      'option "expect" must be an array of statuses, 100 to 599, got 200',
    ],
  ])('names the option that is wrong: %j', (options, message) => {
    expect(() => httpCheck(options as never)).toThrow(`httpCheck: ${message}`);
  });

  it('shows no password', () => {
    const refused = () => httpCheck({ url: 'http://user:secret@host/' });
    expect(refused).toThrow(TypeError);
    expect(refused).not.toThrow(/secret/);
  });
});
