import assert from 'node:assert/strict';
import { app } from './app.mjs';

const server = app.listen(0);
const url = `http://127.0.0.1:${server.address().port}`;
const first = await fetch(`${url}/contacts`);
assert.deepEqual(await first.json(), [{ id: 1, name: 'Ada' }]);
assert.ok(first.headers.get('x-request-id'));
await fetch(`${url}/contacts`);
const third = await fetch(`${url}/contacts`);
assert.equal(third.status, 429);
assert.equal(third.headers.get('content-type'), 'application/problem+json');
assert.equal((await fetch(`${url}/nowhere`)).status, 404);
console.log(`200, then 429 with ${third.headers.get('ratelimit')}; 404 as a problem`);
process.exit();
