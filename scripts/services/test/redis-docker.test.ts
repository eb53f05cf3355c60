import { expect, it } from '@jest/globals';
import { dockerArgs } from '../src/redis/docker-args';

it('hands the settings to a Redis in Docker word by word, and its port to Docker', () => {
  const args = dockerArgs({ port: '4242', save: '""', 'client-output-buffer-limit': 'pubsub 0 0 0' });
  expect(args.join(' ')).toMatch(
    /^run --rm -p 127\.0\.0\.1:4242:6379 redis:\S+ redis-server --save {2}--client/,
  );
  expect(args.slice(-7)).toEqual(['--save', '', '--client-output-buffer-limit', 'pubsub', '0', '0', '0']);
});
