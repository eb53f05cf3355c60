export default async function globalTeardown() {
  const {
    apps = [],
    services,
    scorer,
    drillControl,
    drillCluster,
    drillRedis,
    receiver,
  } = globalThis.crmTest ?? {};
  await Promise.all(apps.map((app) => app.close()));
  await drillControl?.close();
  await Promise.all([
    services?.close(),
    scorer?.close(),
    drillCluster?.close(),
    drillRedis?.close(),
    receiver?.close(),
  ]);
}
