export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  await import('./lib/tracing');
  const { lifecycle } = await import('./lib/unite');
  const { registerLifecycle } = await import('@unite/ops/next');
  await registerLifecycle(lifecycle);
}
