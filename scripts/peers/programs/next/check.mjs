import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const program = 'node_modules/next/dist/bin/next';
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' };
const built = spawnSync(process.execPath, [program, 'build'], { env, encoding: 'utf8' });
assert.equal(built.status, 0, `${built.stdout}${built.stderr}`);

const next = spawn(process.execPath, [program, 'start', '--port', '0'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(next, 'exit');
const url = await new Promise((resolve, reject) => {
  ended.then(([code]) => reject(new Error(`next start ended with ${code}`)));
  createInterface({ input: next.stdout }).on('line', (line) => {
    const [found] = /http:\/\/localhost:\d+/.exec(line) ?? [];
    if (found) resolve(found);
  });
});
const get = (path, init) => fetch(url + path, init);
const post = (headers = {}) =>
  get('/api/contacts/7', { method: 'POST', headers }).then(({ status }) => status);

const first = await get('/api/contacts/7');
const contact = await first.json();
assert.deepEqual([contact.id, contact.renders, contact.route], ['7', 1, 'GET /api/contacts/[id]']);
assert.equal(first.headers.get('traceresponse')?.split('-')[1], contact.traceId);
assert.deepEqual(await (await get('/api/contacts/7')).json(), contact);
assert.match(await (await get('/')).text(), /page of (<!-- -->)?GET \//);
const missing = await get('/api/contacts/none');
assert.deepEqual([missing.status, (await missing.json()).type], [404, '/errors/no-contact']);
const broken = await get('/api/contacts/broken');
assert(broken.status === 500 && !(await broken.text()).includes('secret'));
assert.equal(await post({ 'sec-fetch-site': 'cross-site' }), 403);
assert.deepEqual([await post(), await post(), await post()], [204, 204, 429]);
assert.equal((await get('/health/ready')).status, 200);
next.kill('SIGTERM');
assert.deepEqual(await ended, [0, null]);
console.log(
  'a build; context, trace, problems, quota, cached route, CSRF, a page, health, the end by SIGTERM',
);
process.exit();
