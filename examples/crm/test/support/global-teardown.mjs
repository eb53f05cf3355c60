export default async function globalTeardown() {
  await globalThis.crmTest?.app.close();
  await globalThis.crmTest?.services.close();
}
