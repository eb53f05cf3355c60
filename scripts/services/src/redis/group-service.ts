import type { CloseOptions } from '../types';
import type { RedisGroup } from './redis-group';

/** A service that is a group of Redis servers, and ends as they do. */
export class GroupService implements AsyncDisposable {
  readonly #group: RedisGroup;

  constructor(group: RedisGroup) {
    this.#group = group;
  }

  close(options?: CloseOptions): Promise<void> {
    return this.#group.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
