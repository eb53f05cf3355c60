export default async function globalTeardown() {
  await globalThis.apiTest?.close();
}
