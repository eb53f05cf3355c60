import { expect, jest, test } from '@jest/globals';
import { crashDirectory } from '../../src/capture';

test('a directory of the system is refused, with a warning', () => {
  const warned = jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
  const refused = ['/proc/nope', '/sys', '/tmp/../proc/x', '/dev/null/x'];
  expect(refused.map(crashDirectory)).toEqual(refused.map(() => undefined));
  expect(warned.mock.calls).toEqual([
    [expect.stringContaining('/proc/nope belongs to the system'), expect.anything()],
  ]);
  const taken = [undefined, '/dev/shm/crm', '/process', 'proc', '/var/lib/crm'];
  expect(taken.map(crashDirectory)).toEqual(taken);
});
