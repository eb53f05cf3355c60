import { packageJest } from '../../jest.base.mjs';

const { transform } = packageJest();
const [swc] = Object.values(transform);

export default packageJest({
  globalSetup: './test/support/global-setup.mjs',
  // Many of the tests wait for servers and a browser.
  maxWorkers: 3,
  // ES modules only, which Jest cannot require before Node 24.9.
  transform: { ...transform, '/(openid-client|oauth4webapi|jose)/.+\\.js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!.*(openid-client|oauth4webapi|jose)/)'],
});
