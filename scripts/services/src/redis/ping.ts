import { askRedis } from './ask-redis';

/** Whether the Redis at a URL lets us in and answers `PING`. */
export async function answersPing(url: string, timeoutMs = 1_000): Promise<boolean> {
  return (await askRedis(url, ['PING'], timeoutMs).catch(() => undefined)) === 'PONG';
}
