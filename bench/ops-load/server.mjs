/**
 * A process with a server that burns so many milliseconds of CPU for each request. It answers nobody until so many
 * connections have come, or those that come last would be measured by how slowly a busy server takes them.
 *
 * node server.mjs <milliseconds> <connections>
 */
import { createServer } from 'node:http';

const burnMs = Number(process.argv[2]);
const awaited = Number(process.argv[3]);
const held = [];
let connections = 0;

const server = createServer({ keepAliveTimeout: 60_000 }, (_, response) => {
  if (connections >= awaited) answer(response);
  else held.push(response);
});
server.on('connection', () => {
  connections += 1;
  if (connections < awaited) return;
  for (const response of held.splice(0)) answer(response);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => process.send(server.address().port));
process.once('disconnect', () => process.exit());

function answer(response) {
  const untilMs = performance.now() + burnMs;
  while (burnMs > 0 && performance.now() < untilMs);
  response.setHeader('content-type', 'application/json');
  response.end('{"id":1,"name":"Ada Lovelace"}');
}
