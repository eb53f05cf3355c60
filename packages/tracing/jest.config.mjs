import { fileURLToPath } from 'node:url';
import { packageJest } from '../../jest.base.mjs';

const swc = fileURLToPath(import.meta.resolve('@swc/jest'));
const { transform, ...rest } = packageJest({
  globalSetup: './test/support/global-setup.mjs',
  testTimeout: 60_000,
  // Many of the tests wait for servers.
  maxWorkers: 3,
});

export default {
  ...rest,
  transform: {
    ...transform,
    // It loads `http` by import(), which Jest has only for modules that it transforms.
    '/otlp-exporter-base/.+\\.js$': [
      swc,
      { jsc: { target: 'es2023', parser: { syntax: 'ecmascript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!.*/otlp-exporter-base/)'],
};
