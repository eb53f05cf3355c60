import type { RequestErrorHook } from '@unite/apm/next';

/** What pages and server components throw; routes are seen by what is around them. */
export async function onRequestError(...failure: Parameters<RequestErrorHook>): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { captureRequestError } = await import('@unite/apm/next');
  const { apm } = await import('./lib/apm');
  captureRequestError(apm)(...failure);
}

/** Reads the environment before the first request, so that what is missing is said at the start. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  await import('./lib/env');
  // Next.js makes a span of each fetch, and so does what sees undici.
  process.env.NEXT_OTEL_FETCH_DISABLED ??= '1';
  // Before anything that imports pg or redis, or they are not seen.
  await import('./lib/tracing');
  const { logFailures } = await import('./lib/log-failures');
  logFailures();
  const { countLostLogs } = await import('./lib/count-lost-logs');
  countLostLogs();
  const { registerLifecycle } = await import('@unite/ops/next');
  const { lifecycle } = await import('./lib/unite');
  // In development Next.js ends at once, as people expect who press Ctrl-C.
  await registerLifecycle(lifecycle, process.env.NODE_ENV === 'development' ? { signals: false } : {});
  // Counts from now on.
  await import('./lib/dashboard');
  const { sendWorker } = await import('./lib/campaigns/send-worker');
  lifecycle.add(sendWorker());
  sendWorker().start();
}
