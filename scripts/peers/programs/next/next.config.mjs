export default {
  outputFileTracingRoot: import.meta.dirname,
  serverExternalPackages: ['@opentelemetry/instrumentation'],
  // `tsc` has looked before, and not at what Next.js declares of itself.
  typescript: { ignoreBuildErrors: true },
  eslint: { ignoreDuringBuilds: true },
};
