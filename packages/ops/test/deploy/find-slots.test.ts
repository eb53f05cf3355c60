import { expect, test } from '@jest/globals';
import { findSlots } from '../../src/deploy/find-slots';
import { checkedServers } from '../../src/deploy/haproxy/checked-servers';
import { isHealthy, type ProxyServer } from '../../src/deploy/haproxy/proxy-server';
import { readStat } from '../../src/deploy/haproxy/read-stat';
import { planDeploy } from '../../src/deploy/plan-deploy';

const options = { proxy: { socket: '/run/admin.sock', backend: 'app' }, start: { command: ['node'] } };

/** `blue UP 100`, and a star for a backup. */
function servers(...lines: readonly string[]): readonly ProxyServer[] {
  const rows = lines.map((line) => {
    const [name, status, weight, star] = line.split(' ');
    return `app,${name},127.0.0.1:3000,${status},${weight},${star ? 1 : 0}`;
  });
  return readStat(['# pxname,svname,addr,status,uweight,bck', ...rows].join('\n'));
}

test.each([
  ['blue', ['blue UP 100', 'green DOWN 100']],
  ['green', ['blue MAINT 100', 'green UP 1']],
  ['green', ['blue UP 0', 'green UP 100']],
  ['green', ['blue DRAIN 100', 'green UP 100']],
  ['green', ['blue NOLB 100', 'green UP 100']],
  // What a deployment leaves that was killed: at the canary, while it watched.
  ['blue', ['blue UP 100', 'green UP 101']],
  ['green', ['blue UP 1', 'green UP 100']],
  ['blue', ['blue UP 100', 'green DOWN 100', 'apology UP 100 *', 'yellow MAINT 100']],
  [undefined, ['blue DOWN 100', 'green DOWN 100']],
])('%s is active of %j', (name, lines) => {
  const { active, idle } = findSlots(servers(...lines), planDeploy({ ...options, initial: true }));
  expect(active?.name).toBe(name);
  expect(idle.name).toBe(name === 'blue' ? 'green' : 'blue');
});

test.each([
  ['blue and green both take users, with weights of 100 and 100', ['blue UP 100', 'green UP 100']],
  ['blue and green both take users, with weights of 1 and 1', ['blue UP 1', 'green UP 1']],
  ['other servers that take users, too: yellow', ['blue UP 100', 'green DOWN 100', 'yellow UP 100']],
  ['has no server "blue", but none at all', []],
])('%s is refused', (message, lines) => {
  expect(() => findSlots(servers(...lines), planDeploy(options))).toThrow(message);
});

test('before its first check a server is taken for up, so that is waited for', async () => {
  const first = servers('blue UP 100', 'green MAINT 100').map((one) => ({
    ...one,
    check: 'INI: Initializing',
  }));
  const then = first.map((one) => ({ ...one, status: one.name === 'blue' ? 'DOWN' : 'MAINT' }));
  const looks = [first, then.map((one) => ({ ...one, check: one.name === 'blue' ? 'L4CON' : one.check }))];
  const proxy = { check: async () => {}, change: async () => {}, servers: async () => looks.shift() ?? [] };
  expect((await checkedServers(proxy, undefined)).map(({ status }) => status)).toEqual(['DOWN', 'MAINT']);
});

test('one that drains is healthy while its checks are', () => {
  const [blue] = servers('blue DRAIN 100') as [ProxyServer];
  expect(
    ['L7OK', 'L4OK', '', 'L4CON: Connection refused'].map((check) => isHealthy({ ...blue, check })),
  ).toEqual([true, true, true, false]);
});
