/** Reads the environment before the first request, so that what is missing is said at the start. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  await import('./lib/env');
  const { logFailures } = await import('./lib/log-failures');
  logFailures();
}
