// One server: `node app.cjs <contestant>`. What observes starts before anything that it patches is loaded.
const name = process.argv[2];
const [contestant, ...without] = name.replace(/-again$/, '').split('-without-');
const { createApp } = require(`./contestants/${contestant}.cjs`);

// Also while it starts.
process.on('disconnect', () => process.exit());

async function start() {
  const { app, counts = () => ({}) } = await createApp({ name, without });
  const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  // Longer than anybody here is idle, as behind a load balancer.
  server.keepAliveTimeout = 600_000;
  process.on('message', () => process.send({ ...used(), ...counts() }));
}

function used() {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpu: process.cpuUsage(), rssBytes: rss, heapBytes: heapUsed };
}

void start();
