import { describe, expect, test } from '@jest/globals';
import { checkLocalTargets } from '../../src/drill';
import { OpsError } from '../../src/errors';

const names: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'app.localhost': ['::1'],
  'here.example': ['127.0.0.1'],
  'both.example': ['127.0.0.1', '203.0.113.7'],
  'localhost.evil.example': ['203.0.113.7'],
  evil: ['203.0.113.7'],
  'mapped.example': ['::ffff:203.0.113.7'],
  'empty.example': [],
  'odd.example': ['not an address'],
};
const lookup = async (name: string) => {
  const addresses = names[name.toLowerCase()];
  if (!addresses) throw new Error('ENOTFOUND');
  return addresses;
};
const check = (target: string, allowTargets: readonly string[] = []) =>
  checkLocalTargets({ name: 'x', targets: [target] }, { lookup, allowTargets });

test.each([
  'http://127.0.0.1:3000/health',
  'https://127.8.9.10/',
  'http://[::1]:3000/',
  'http://[::ffff:127.0.0.1]/',
  'http://localhost:3000/?host=anything',
  'http://LOCALHOST/',
  'http://app.localhost/',
  'http://here.example/',
  'postgres://unite:pa%40ss@127.0.0.1:5432/unite',
  'postgres://localhost/unite?host=127.0.0.1',
  'postgres:///unite?host=/var/run/postgresql',
  'redis://:secret@127.0.0.1:6379',
  'unix:/run/haproxy/admin.sock',
])('%s is of this machine', async (target) => {
  await expect(check(target)).resolves.toBeUndefined();
});

test.each([
  ['http://203.0.113.7/', 'not a loopback address'],
  ['http://10.0.0.1/', 'not a loopback address'],
  ['http://0.0.0.0:3000/', 'not a loopback address'],
  ['http://[::]/', 'not a loopback address'],
  ['http://[2001:db8::1]/', 'not a loopback address'],
  ['http://[::ffff:203.0.113.7]/', 'not a loopback address'],
  ['http://localhost.evil.example/', 'is 203.0.113.7'],
  ['http://both.example/', 'is 203.0.113.7'],
  ['http://mapped.example/', 'is ::ffff:203.0.113.7'],
  ['http://odd.example/', 'not a loopback address'],
  ['http://empty.example/', 'has no address'],
  ['http://unknown.example/', 'cannot be looked up'],
  // The part before the @ is a user's name.
  ['http://127.0.0.1@evil/', 'is 203.0.113.7'],
  ['http://127.0.0.1:80@evil/', 'is 203.0.113.7'],
  ['http://a@127.0.0.1@evil/', 'more than one @'],
  ['http://127.0.0.1\\@evil/', 'backslashes'],
  ['http://127.0.0.1\t.evil/', 'blanks'],
  // Forms that one client takes for an address and another for a name.
  ['http://2130706433/', 'usual form'],
  ['http://0177.0.0.1/', 'usual form'],
  ['http://0x7f000001/', 'usual form'],
  ['http://127.1/', 'usual form'],
  ['http://127.0.0.1./', 'usual form'],
  ['http://%31%32%37.0.0.1/', 'usual form'],
  ['http://127。0。0。1/', 'usual form'],
  ['postgres://2130706433/unite', 'neither an address nor a plain name'],
  ['postgres://0x7f.1/unite', 'neither an address nor a plain name'],
  ['postgres://localhost./unite', 'neither an address nor a plain name'],
  ['redis://[127.0.0.1]:6379', 'not a URL'],
  // A driver goes to the host that the query names.
  ['postgres://127.0.0.1/unite?host=evil', 'is 203.0.113.7'],
  ['postgres://127.0.0.1/unite?host=/run/postgresql&hostaddr=203.0.113.7', 'not a loopback address'],
  ['postgres://127.0.0.1,evil/unite', 'several hosts'],
  ['postgres:///unite?host=127.0.0.1,evil', 'several hosts'],
  ['postgres://127.0.0.1:5432,127.0.0.1:5433/unite', 'not a URL'],
  ['http:///evil/', 'names no host'],
  ['http:127.0.0.1', 'names no host'],
  ['file:///etc/hosts', 'names no host'],
  ['unix:relative.sock', 'names no host'],
  ['127.0.0.1:3000', 'not a URL'],
])('%s is refused', async (target, reason) => {
  await expect(check(target)).rejects.toThrow(reason);
});

describe('the refusal', () => {
  test('names the drill and the target, and no password', async () => {
    const refused = check('postgres://unite:secret@evil/unite');
    await expect(refused).rejects.toThrow('drill "x" is refused: targets[0] (evil) is 203.0.113.7');
    const error: unknown = await refused.catch((thrown: unknown) => thrown);
    expect(OpsError.isInstance(error) && error.code).toBe('UNITE_OPS_DRILL_REFUSED');
    expect(String(error)).not.toContain('secret');
  });

  test('is not for a host that was allowed by its very name', async () => {
    await expect(check('http://evil/', ['evil'])).resolves.toBeUndefined();
    await expect(check('http://localhost.evil.example/', ['evil.example'])).rejects.toThrow('203.0.113.7');
  });

  test('asks the system without a look-up of its own', async () => {
    await expect(checkLocalTargets({ name: 'x', targets: ['http://localhost/'] })).resolves.toBeUndefined();
  });
});
