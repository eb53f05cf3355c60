export default async function globalTeardown() {
  await Promise.all(globalThis.crmTest?.apps.map((app) => app.close()) ?? []);
  await globalThis.crmTest?.services.close();
}
