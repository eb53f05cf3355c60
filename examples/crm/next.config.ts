import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

const config: NextConfig = {
  // One folder that runs with nothing but Node; the workspace's packages are traced from the root.
  output: 'standalone',
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  poweredByHeader: false,
  reactStrictMode: true,
  // `typecheck` does it, for the tests and scripts too.
  typescript: { ignoreBuildErrors: true },
  // The badge would cover the request strip.
  devIndicators: false,
};

export default config;
