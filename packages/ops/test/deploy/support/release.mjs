// A release: PORT and HOST as a deployment gives them, BEHAVIOUR as a test wants it.
import { createServer } from 'node:http';

const { PORT, HOST, RELEASE, DEPLOYMENT, BEHAVIOUR = 'good', AFTER = '0' } = process.env;
process.stdout.write(`${RELEASE} ${DEPLOYMENT} is ${BEHAVIOUR}\n`);
if (BEHAVIOUR === 'crash') throw new Error('no such table: contacts');

let served = 0;
const isDueToFail = () => served >= Number(AFTER);

const server = createServer((request, response) => {
  if (request.url === '/health/ready') {
    const isReady = !(BEHAVIOUR === 'unwell' && served > 0);
    response.writeHead(isReady ? 200 : 503).end();
    return;
  }
  served += 1;
  if (isDueToFail()) {
    if (BEHAVIOUR === 'dies') process.exit(3);
    if (BEHAVIOUR === 'deaf') return;
    if (BEHAVIOUR === 'broken' || (BEHAVIOUR === 'one error' && served === Number(AFTER))) {
      response.writeHead(500).end();
      return;
    }
    if (BEHAVIOUR === 'lost') {
      response.writeHead(404).end();
      return;
    }
    if (BEHAVIOUR === 'slow') {
      setTimeout(() => response.end(RELEASE), 400);
      return;
    }
  }
  response.end(RELEASE);
});
server.listen(Number(PORT), HOST);
if (BEHAVIOUR !== 'stubborn')
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
else process.on('SIGTERM', () => {});
