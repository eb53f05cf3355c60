export default {
  outputFileTracingRoot: import.meta.dirname,
  serverExternalPackages: ['@opentelemetry/instrumentation'],
  eslint: { ignoreDuringBuilds: true },
};
