import { packageJest } from '../../jest.base.mjs';

const [typescript] = Object.values(packageJest().transform);

export default packageJest({
  // Types only, like src/types.ts.
  collectCoverageFrom: [...packageJest().collectCoverageFrom, '!src/validate/standard-schema.ts'],
  // arktype is published as ES modules only, and Jest on Node 20 loads CommonJS.
  transform: { '^.+\\.tsx?$': typescript, 'ark.+\\.js$': typescript },
  transformIgnorePatterns: ['/node_modules/(?!.*ark)'],
});
