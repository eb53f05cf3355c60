export default async function globalTeardown() {
  await globalThis.crmTest?.close();
}
