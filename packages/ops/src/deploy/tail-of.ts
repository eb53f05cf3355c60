import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const mostBytes = 4_000;

/** The end of a file. */
export function tailOf(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, mostBytes));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8').trim();
  } finally {
    closeSync(descriptor);
  }
}
