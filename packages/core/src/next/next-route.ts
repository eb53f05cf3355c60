interface WorkStorage {
  getStore(): { readonly route?: unknown } | undefined;
}

let workStorage: Promise<WorkStorage | undefined> | undefined;

/**
 * Next's own name of the route being served, such as `/(app)/contacts/[id]/page`; `undefined` outside of
 * Next. It is internal to Next 15 and 16, so this is the one place that knows it, and it never throws.
 */
export async function nextRoute(): Promise<string | undefined> {
  workStorage ??= loadWorkStorage();
  const route = (await workStorage)?.getStore()?.route;
  return typeof route === 'string' ? route : undefined;
}

async function loadWorkStorage(): Promise<WorkStorage | undefined> {
  try {
    const internals = await import('next/dist/server/app-render/work-async-storage.external.js');
    return internals.workAsyncStorage;
  } catch {
    return undefined;
  }
}
