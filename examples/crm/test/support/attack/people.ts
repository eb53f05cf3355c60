import { signInByProvider } from './sign-in-by-provider';

const people = {
  owner: 'meridian-mira',
  manager: 'meridian-nuno',
  member: 'meridian-olga',
  viewer: 'meridian-pavel',
  /** Owns another workspace. */
  stranger: 'harbour-imani',
} as const;

export type Person = keyof typeof people;

/** The cookie of each person, after a login of their own. */
export async function signInAll(): Promise<Record<Person, string>> {
  const names = Object.keys(people) as Person[];
  const signedIn = await Promise.all(names.map(async (name) => [name, await signInAs(name)] as const));
  return Object.fromEntries(signedIn) as Record<Person, string>;
}

async function signInAs(person: Person): Promise<string> {
  const { cookie, location } = await signInByProvider(people[person]);
  if (location !== '/contacts') throw new Error(`The login of ${people[person]} led to "${location}"`);
  return cookie;
}
