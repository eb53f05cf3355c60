import { describe, expect, it, jest } from '@jest/globals';
import { afterBody } from '../src';

const chunk = (text: string) => new TextEncoder().encode(text);

describe('afterBody', () => {
  it('calls back once when the body has been read to its end, and not before', async () => {
    const done = jest.fn();
    const response = afterBody(new Response('contacts', { status: 201, headers: { etag: '"1"' } }), done);
    expect(done).not.toHaveBeenCalled();
    expect([response.status, response.headers.get('etag')]).toEqual([201, '"1"']);
    expect(await response.text()).toBe('contacts');
    expect(done).toHaveBeenCalledTimes(1);
  });

  it('calls back at once where there is no body', () => {
    const done = jest.fn();
    const response = new Response(null, { status: 204 });
    expect(afterBody(response, done)).toBe(response);
    expect(done).toHaveBeenCalledTimes(1);
  });

  it('calls back when the body fails, and hands the failure on', async () => {
    const done = jest.fn();
    const error = new Error('broken off');
    const body = new ReadableStream({ pull: (controller) => controller.error(error) });
    await expect(afterBody(new Response(body), done).text()).rejects.toBe(error);
    expect(done).toHaveBeenCalledTimes(1);
  });

  it('calls back when nobody reads on, and tells the source why', async () => {
    const done = jest.fn();
    const cancel = jest.fn<(reason: unknown) => void>();
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(chunk('one')), cancel });
    const reader = afterBody(new Response(body), done).body?.getReader();
    expect((await reader?.read())?.value).toEqual(chunk('one'));
    expect(done).not.toHaveBeenCalled();
    await reader?.cancel('gone');
    expect(done).toHaveBeenCalledTimes(1);
    expect(cancel).toHaveBeenCalledWith('gone');
  });

  it('asks the source only when it is asked itself', async () => {
    let pulled = 0;
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(chunk('one'));
        },
      },
      { highWaterMark: 0 },
    );
    const response = afterBody(new Response(body), () => undefined);
    await new Promise(setImmediate);
    expect(pulled).toBe(0);
    await response.body?.getReader().read();
    expect(pulled).toBe(1);
  });
});
