import { createServer } from 'node:http';

/** What may be wrong with a receiver. @type {Record<string, (request: object, response: object) => unknown>} */
const behaviours = {
  'answers after 5 s': (request, response) => {
    request.resume();
    setTimeout(() => response.writeHead(200).end(), 5_000);
  },
  'answers 500': (request, response) => request.resume().on('end', () => response.writeHead(500).end()),
  'accepts and never answers': (request) => request.resume(),
};

/** Nobody listens there. */
const closedUrl = 'http://127.0.0.1:1/v1/traces';

export const troubles = ['refuses connections', ...Object.keys(behaviours)];

/** @param {string} trouble one of `troubles` */
export async function startTroubled(trouble) {
  const behaviour = behaviours[trouble];
  if (!behaviour) return { url: closedUrl, close: () => {} };
  const server = createServer(behaviour);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/v1/traces`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
