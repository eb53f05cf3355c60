import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const next = spawn('node_modules/.bin/next', ['start', '--port', '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve, reject) => {
  next.once('exit', (code) => reject(new Error(`next start ended with ${code}`)));
  createInterface({ input: next.stdout }).on('line', (line) => {
    const [found] = /http:\/\/localhost:\d+/.exec(line) ?? [];
    if (found) resolve(found);
  });
});
const first = await fetch(`${url}/api/contacts`);
assert.deepEqual(await first.json(), [{ id: 1, name: 'Ada' }]);
assert.ok(first.headers.get('x-request-id'));
const refused = await fetch(`${url}/api/contacts?none`);
assert.equal(refused.status, 404);
assert.equal((await refused.json()).type, 'https://api.example.com/errors/no-contacts');
console.log('200 with its request id; 404 as a problem');
next.kill();
process.exit();
