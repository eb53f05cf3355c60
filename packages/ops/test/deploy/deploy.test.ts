import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Stage } from './support/stage';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

test('the first release, and then the next ones, without losing a request', async () => {
  const first = await stage.deploy('good', { release: 'v1', initial: true });
  expect(first).toMatchObject({ outcome: 'promoted', from: undefined, to: 'blue', serving: 'blue' });
  stage.startUsers();
  const second = await stage.deploy('good', { release: 'v2' });
  expect(second).toMatchObject({
    outcome: 'promoted',
    from: 'blue',
    to: 'green',
    serving: 'green',
    warnings: [],
  });
  const third = await stage.deploy('good', { release: 'v3' });
  expect(third).toMatchObject({
    outcome: 'promoted',
    from: 'green',
    to: 'blue',
    serving: 'blue',
    warnings: [],
  });
  await stage.stopUsers();
  expect(stage.lost).toEqual({});
  expect(Object.keys(stage.processes())).toEqual(['blue']);
});
