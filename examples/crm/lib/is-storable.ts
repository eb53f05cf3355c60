/** Whether PostgreSQL keeps a text as it is: it knows no NUL, and nothing that is no Unicode. */
export function isStorable(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}
