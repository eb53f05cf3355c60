import { UsageError } from './usage-error';

/** What a run answers; where it refuses options that are none, that is misuse of the command line and no answer. */
export async function asUsage<Answer>(owner: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    const isRefused = error instanceof TypeError && error.message.startsWith(`${owner}: `);
    throw isRefused ? new UsageError(error.message.slice(owner.length + 2)) : error;
  }
}
