export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { processId } = await import('./lib/unite');
  console.info(`instrumentation ${processId}`);
}
