import { debianPrograms } from './harness/debian-programs';

/** Fetches what is missing once, or says what it is, before any test runs. */
export default async function prepare(): Promise<void> {
  const { versions } = await debianPrograms({ onProgress: say });
  say(Object.values(versions).join(', '));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
