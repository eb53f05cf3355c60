// One server: `node app.cjs <contestant>`. Tracing starts before anything that it patches is loaded.
const { middleware = [] } = require(`./contestants/${process.argv[2]}.cjs`);
const express = require('express');
const pg = require('pg');
const redis = require('redis');

/** With two commands of Redis and two statements, a request takes about 10 ms. */
const waitMs = 9;

async function start() {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16 });
  const client = redis.createClient({ url: process.env.REDIS_URL });
  client.on('error', () => {});
  await client.connect();
  await client.set('bench:contact', JSON.stringify({ id: 1, name: 'Ada' }));

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  for (const each of middleware) app.use(each);
  app.get('/trivial/:id', (request, response) => response.json({ id: request.params.id }));
  // What a page of the reference app does: the cache, the limits, and two statements, then a wait of its own. One that
  // only filled up to 10 ms would hide what tracing costs before it.
  app.get('/reference/:id', async (request, response) => {
    await client.get('bench:contact');
    await client.get('bench:plan');
    const { rows } = await pool.query('SELECT $1::int AS id', [Number(request.params.id)]);
    await pool.query('SELECT 1 AS one');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    response.json(rows[0]);
  });
  const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

  process.on('message', () => process.send({ cpu: process.cpuUsage(), rssBytes: process.memoryUsage.rss() }));
  process.on('disconnect', () => process.exit());
}

void start();
