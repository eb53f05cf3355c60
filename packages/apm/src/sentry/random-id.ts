import { randomBytes } from 'node:crypto';

/** 32 lower-case hex digits. */
export function randomId(): string {
  return randomBytes(16).toString('hex');
}
