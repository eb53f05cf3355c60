/**
 * Asks for `/request/<number>` so many times at once, each on a connection of its own, and ends when all are answered.
 *
 * node clients.mjs <port> <requests>
 */
import http from 'node:http';

const [port, requests] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ maxSockets: Infinity, keepAlive: false });

await Promise.all(Array.from({ length: requests }, (_, number) => ask(`/request/${number}`)));

function ask(path) {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${path} answered ${response.statusCode}: ${body}`));
      });
    });
    request.on('error', reject);
  });
}
