import { settle } from '@unite/shared/testing';

/** How something has ended by now: its value, its error's message, or `'waiting'`. */
export async function outcomeNow<Value>(work: Promise<Value>): Promise<Value | string> {
  let outcome: Value | string = 'waiting';
  work.then(
    (value) => {
      outcome = value;
    },
    (error: Error) => {
      outcome = error.message;
    },
  );
  await settle();
  return outcome;
}
