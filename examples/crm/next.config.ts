import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

const config: NextConfig = {
  // One folder that runs with nothing but Node; the workspace's packages are traced from the root.
  output: 'standalone',
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  // Loaded by Node itself: hooks that see a driver being loaded cannot see into a bundle.
  serverExternalPackages: ['@opentelemetry/instrumentation', 'pg', 'redis'],
  // Read by the server alone: the build moves them out of the public folder.
  productionBrowserSourceMaps: true,
  // The trace of a page, for its part that runs in the browser.
  // A build is made once: a cache on the disk takes longer to write than it would spare.
  experimental: {
    clientTraceMetadata: ['traceparent'],
    serverSourceMaps: true,
    // What is clicked while the server is out of reach waits for it, where else the browser's own error page would come.
    useOffline: true,
    turbopackFileSystemCacheForBuild: false,
  },
  poweredByHeader: false,
  reactStrictMode: true,
  // `typecheck` does it, for the tests and scripts too.
  typescript: { ignoreBuildErrors: true },
  // The pages behind a problem's `type`, for programs: JSON or Markdown, where no browser asks.
  rewrites: async () => ({
    beforeFiles: [
      {
        source: '/errors/:type*',
        has: [
          {
            type: 'header',
            key: 'accept',
            value: '.*(application/json|application/problem\\+json|text/markdown).*',
          },
        ],
        missing: [{ type: 'header', key: 'accept', value: '.*text/html.*' }],
        destination: '/api/registry/:type*',
      },
    ],
  }),
  // Where the proxy is not: on files, and on what Next.js refuses by itself.
  headers: async () => [
    { source: '/:path*', headers: [{ key: 'X-Content-Type-Options', value: 'nosniff' }] },
  ],
  // There are no pictures, so nothing has to fetch and shrink them.
  images: { unoptimized: true },
  // The badge would cover the request strip.
  devIndicators: false,
};

export default config;
