import { packageJest } from '../../jest.base.mjs';

const base = packageJest();
const [swc] = Object.values(base.transform ?? {});

export default {
  ...base,
  // Jest's CommonJS cannot load ES modules as they are.
  transform: { '^.+\\.(tsx?|mjs)$': swc },
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
};
