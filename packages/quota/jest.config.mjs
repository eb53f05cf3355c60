import { packageJest } from '../../jest.base.mjs';

const { transform } = packageJest();
const [swc] = Object.values(transform);

export default packageJest({
  // Most of the tests wait for servers.
  maxWorkers: 3,
  // ES modules only, which Jest cannot require before Node 24.9.
  transform: { ...transform, '/temporal-[a-z]+/.+\\.js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!.*temporal-)'],
});
