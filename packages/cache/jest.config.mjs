import { packageJest } from '../../jest.base.mjs';

const [[files, [swc, options]]] = Object.entries(packageJest().transform);
const react = { runtime: 'automatic' };

export default packageJest({
  transform: { [files]: [swc, { ...options, jsc: { ...options.jsc, transform: { react } } }] },
});
