import { OpsError } from '../errors';
import { readLimited } from './read-limited';

/** Makes an error that says what is wrong in a file of the user's. */
export type Complaint = (place: string, demand: string) => OpsError;

/**
 * A file of the user's, as what `read` makes of it.
 *
 * @throws OpsError `UNITE_OPS_CONFIG_NOT_FOUND`, or `UNITE_OPS_CONFIG_INVALID` that names file and place
 */
export async function readJsonFile<Value>(
  file: string,
  hint: string,
  read: (value: unknown, complain: Complaint) => Value,
): Promise<Value> {
  const text = await readLimited(file);
  if (!text) throw new OpsError('UNITE_OPS_CONFIG_NOT_FOUND', `there is no file ${file}; ${hint}`);
  let value: unknown;
  try {
    value = JSON.parse(text.toString());
  } catch (cause) {
    throw new OpsError('UNITE_OPS_CONFIG_INVALID', `${file} is no JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
  return read(
    value,
    (place, demand) =>
      new OpsError('UNITE_OPS_CONFIG_INVALID', `${file}: ${place === '' ? 'it' : place} must be ${demand}`),
  );
}
