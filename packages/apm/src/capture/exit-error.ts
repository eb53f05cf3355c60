/** An end as an error. It has no stack: nothing in this process led to it. */
export function exitError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  delete error.stack;
  return error;
}
