import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * Lets the tests, which run in processes of their own, kill and start the servers that this one holds:
 * `POST /replica_1/SIGKILL`, `POST /replica_1/start`.
 */
export async function startDrillControl(nodes) {
  const server = createServer(async ({ url }, response) => {
    const [, name, action] = url.split('/');
    const node = nodes.find((each) => each.name === name);
    try {
      await (action === 'start' ? node.start() : node.kill(action));
      response.end();
    } catch (error) {
      response.writeHead(500).end(error.stack);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
