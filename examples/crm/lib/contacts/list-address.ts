import { type ContactQuery, contactQuery } from './contact';

type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The list that an address asks for. What an address says wrong falls back to the default. */
export function queryFromAddress(parameters: Parameters): ContactQuery {
  const given = Object.entries(parameters).filter(
    ([name, value]) =>
      name in contactQuery.shape && contactQuery.partial().safeParse({ [name]: value }).success,
  );
  return contactQuery.parse(Object.fromEntries(given));
}

const defaults = contactQuery.parse({});

/** The address of a list, without what is the default anyway. */
export function listAddress(query: Partial<ContactQuery>): string {
  const parameters = new URLSearchParams();
  for (const name of ['q', 'stage', 'sort', 'page', 'pageSize'] as const) {
    const value = query[name];
    if (value !== undefined && value !== defaults[name]) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? '/contacts' : `/contacts?${parameters}`;
}
