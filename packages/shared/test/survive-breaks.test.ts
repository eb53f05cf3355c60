import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import { surviveBreaks } from '../src/survive-breaks';

test('a connection that breaks as it is handed out ends nothing', () => {
  const pool = new EventEmitter();
  const client = new EventEmitter();
  surviveBreaks(pool);
  pool.emit('connect', client);
  expect(client.emit('error', new Error('terminating connection'))).toBe(true);
});

test('a pool is listened to once, however many use it, and what has no events not at all', () => {
  const pool = new EventEmitter();
  surviveBreaks(pool);
  surviveBreaks(pool);
  expect(pool.listenerCount('connect')).toBe(1);
  expect(() => surviveBreaks({ connect: () => undefined })).not.toThrow();
});
