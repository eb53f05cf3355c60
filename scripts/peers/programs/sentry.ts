import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { parseEnvelope } from '@sentry/core';
import { startApm } from '@unite/apm';
import { sentry } from '@unite/apm/sentry';

const received: string[] = [];
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  received.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString());
  response.end('{}');
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');

const dsn = `http://abc@127.0.0.1:${(receiver.address() as AddressInfo).port}/1`;
const apm = startApm({ service: { name: 'crm', release: 'crm@1' }, sinks: [sentry({ dsn })], crash: false });
const id = apm.captureError(new Error('The mail server was not reached'), { tags: { part: 'mail' } });
const { sent, lost } = await apm.close();
assert.deepEqual([sent, lost], [1, 0]);
const items = received.flatMap(
  (body) => [...parseEnvelope(body)[1]] as [{ type: string }, Record<string, unknown>][],
);
const event = items.find(([{ type }]) => type === 'event')?.[1];
assert.equal(event?.event_id, id?.replaceAll('-', ''));
assert.equal(event?.release, 'crm@1');
assert.match(JSON.stringify(event), /The mail server was not reached/);
receiver.close();
receiver.closeAllConnections();
console.log('an error, received and read');
