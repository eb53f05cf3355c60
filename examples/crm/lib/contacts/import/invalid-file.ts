import { problems } from '../../unite';

/** What is wrong with a file as a whole, so that none of its rows can be read. */
export function invalidFile(message: string): Error {
  return problems.error('validation', {
    detail: `The file is not valid: ${message}. Nothing was saved.`,
    errors: [{ field: 'csv', message }],
  });
}
