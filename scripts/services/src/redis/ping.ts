import { askRedis } from './ask-redis';

/** Whether the Redis at a URL lets us in and answers `PING`. */
export async function answersPing(url: string, ca?: string | undefined): Promise<boolean> {
  return (await askRedis(url, ['PING'], { ca }).catch(() => undefined)) === 'PONG';
}
