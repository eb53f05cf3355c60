import { Agent, request } from 'node:http';

/** So many tenants ask, each with counts of its own. */
const tenants = Array.from({ length: 200 }, (_, index) => `tenant-${index}`);

/** Connections to one app that are kept; each request is of another tenant and for another id. */
export function openRequests({ port }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let turn = 0;
  return {
    /** @returns {Promise<void>} when the whole answer is there */
    async send({ path, status }) {
      turn += 1;
      const tenant = tenants[(turn * 7) % tenants.length];
      const answer = await ask({ port, agent, path: `${path}/${turn}`, tenant });
      if (answer.status !== status) throw new Error(`${path} answered ${answer.status}`);
    },
    ask: (options) => ask({ port, agent, ...options }),
    close: () => agent.destroy(),
  };
}

/** @returns {Promise<{ status: number, headers: object, text: string }>} */
function ask({ port, agent, path, tenant = 'acme', method = 'GET', headers = {}, signal }) {
  return new Promise((resolve, reject) => {
    const options = {
      port,
      agent,
      path,
      method,
      signal,
      host: '127.0.0.1',
      headers: { 'x-tenant': tenant, ...headers },
    };
    request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}
