// One server: `node app.cjs bare` or `node app.cjs dashboard`. The routes are those of an API that does little.
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const express = require('express');

// What is garbage is no memory that is held.
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

const app = express();
app.disable('x-powered-by');
app.disable('etag');
if (process.argv[2] === 'dashboard') {
  const { createDashboard } = require('../../packages/ops/dist/dashboard.cjs');
  const { dashboardMiddleware } = require('../../packages/ops/dist/express.cjs');
  app.use('/ops', dashboardMiddleware(createDashboard({ authorize: () => true })));
}
app.use(express.json());
app.get('/contacts/:id', (request, response) => {
  const contacts = Array.from({ length: 50 }, (_, id) => ({
    id,
    name: `Contact ${request.params.id}`,
    tags: ['a', 'b'],
  }));
  response.json({ contacts });
});
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', () => {
  // Read first: a collection for the heap's sake is nothing that a request cost.
  const cpu = process.cpuUsage();
  gc();
  process.send({ cpu, cpuAfter: process.cpuUsage(), heapBytes: process.memoryUsage().heapUsed });
});
process.on('disconnect', () => process.exit());
