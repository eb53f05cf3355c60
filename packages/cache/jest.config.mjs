import { packageJest } from '../../jest.base.mjs';

const [[files, [swc, options]]] = Object.entries(packageJest().transform);
const react = { runtime: 'automatic' };

export default packageJest({
  globalSetup: './test/react/support/global-setup.mjs',
  // Most of the tests wait for servers, timers and a browser.
  maxWorkers: 3,
  transform: { [files]: [swc, { ...options, jsc: { ...options.jsc, transform: { react } } }] },
});
