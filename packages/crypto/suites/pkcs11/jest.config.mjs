import { packageJest } from '../../../../jest.base.mjs';

/**
 * The PKCS#11 keyring against a real module: Debian's SoftHSM, which is downloaded and unpacked without installing it,
 * by `pkcs11js`, which is built for this Node.js and therefore no dependency. Needs `apt-get`, a C++ compiler and
 * Node.js's headers.
 *
 *     pnpm --filter @unite/crypto suite:pkcs11
 */
export default packageJest({
  globalSetup: '<rootDir>/harness/set-up.ts',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  maxWorkers: 1,
  verbose: true,
});
