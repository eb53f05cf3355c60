import { packageJest } from '../../jest.base.mjs';

const { collectCoverageFrom } = packageJest();

export default packageJest({
  // What runs in a page is tested in Chromium, where Jest does not count.
  collectCoverageFrom: [...collectCoverageFrom, '!src/browser/**'],
  globalSetup: './test/support/global-setup.mjs',
  // Many of the tests wait for servers.
  maxWorkers: 3,
});
