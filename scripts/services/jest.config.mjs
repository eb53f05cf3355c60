import { packageJest } from '../../jest.base.mjs';

const base = packageJest();
const [swc] = Object.values(base.transform);

export default {
  ...base,
  // The plain modules that scripts/start.mjs shares are ES modules, which Jest's CommonJS cannot load as they are.
  transform: { '^.+\\.(tsx?|mjs)$': swc },
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
  testTimeout: 30_000,
};
