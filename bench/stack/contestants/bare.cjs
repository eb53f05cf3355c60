// What the routes themselves need, and nothing around it.
const express = require('express');
const pg = require('pg');
const redis = require('redis');
const { contactId, contactSql, ttlMs, wait } = require('../work.cjs');

exports.createApp = async () => {
  const pool = new pg.Pool({ connectionString: process.env.REPLICA_URL, max: 10 });
  const client = redis.createClient({ url: process.env.REDIS_URL }).on('error', () => {});
  await client.connect();
  const memory = new Map();

  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.get('/trivial/:id', (request, response) => response.json({ id: request.params.id }));
  app.get('/cached/:id', async ({ params }, response) => {
    const id = contactId(params.id);
    if (!memory.has(id)) memory.set(id, await load(id));
    response.json(memory.get(id));
  });
  app.get('/reference/:id', async ({ params }, response) => {
    const key = `bare:${params.id}`;
    const kept = await client.get(key);
    const contact = kept === null ? await load(contactId(params.id)) : JSON.parse(kept);
    if (kept === null) await client.set(key, JSON.stringify(contact), { PX: ttlMs });
    await wait();
    response.json(contact);
  });
  app.get('/failing/:id', ({ params }) => {
    throw new Error(`Contact ${params.id} cannot be scored`);
  });
  app.use((_error, _request, response, _next) => response.status(500).json({ error: 'failed' }));
  return { app };

  async function load(id) {
    const { rows } = await pool.query(contactSql, [id]);
    return rows[0];
  }
};
