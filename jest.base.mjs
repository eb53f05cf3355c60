import { fileURLToPath } from 'node:url';

/**
 * Jest for one package: TypeScript through swc, tests beside nothing but the package's own sources.
 *
 * @param {import('jest').Config} [overrides]
 * @returns {import('jest').Config}
 */
export function packageJest(overrides = {}) {
  return {
    testEnvironment: 'node',
    // Only so that a test that hangs ends: machines differ, and nothing is judged by it.
    testTimeout: 180_000,
    testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
    transform: {
      '^.+\\.tsx?$': [
        fileURLToPath(import.meta.resolve('@swc/jest')),
        {
          jsc: { target: 'es2023', parser: { syntax: 'typescript', tsx: true } },
          module: { type: 'commonjs' },
        },
      ],
    },
    collectCoverageFrom: ['src/**/*.ts', '!src/**/index.ts', '!src/**/{types,*-types}.ts'],
    coverageProvider: 'v8',
    coverageReporters: ['text', 'json-summary'],
    coverageThreshold: { global: { lines: 100, branches: 95 } },
    ...overrides,
  };
}
