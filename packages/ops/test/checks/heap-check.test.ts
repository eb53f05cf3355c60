import { expect, it } from '@jest/globals';
import { heapCheck } from '../../src/checks';
import { ask } from './support/ask';

it('is down when more of the heap is used than may be', async () => {
  expect(await ask(heapCheck({ maxUsedRatio: 1 }))).toMatchObject({
    status: 'up',
    detail: expect.stringMatching(/^\d+ % of the heap in use$/),
  });
  expect((await ask(heapCheck({ maxUsedRatio: 1e-9 }))).status).toBe('down');
});

it.each([
  [{}, 'got undefined'],
  [{ maxUsedRatio: 1.1 }, 'got 1.1'],
])('names the option that is wrong: %j', (options, got) => {
  expect(() => heapCheck(options as never)).toThrow(
    `heapCheck: option "maxUsedRatio" must be a number above 0, at most 1, ${got}`,
  );
});
