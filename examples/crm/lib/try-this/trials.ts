/** What a newcomer may try, in this order, and what the server must have seen for it. */
export const trials = [
  { id: 'memory', seen: 'A read came from memory', how: 'Open a list twice', href: '/contacts' },
  {
    id: 'score',
    seen: 'A score came from the cache, and cost nothing',
    how: 'Score a contact twice',
    href: '/contacts',
  },
  {
    id: 'refusal',
    seen: 'A refused write explained itself',
    how: 'Send an invalid campaign',
    href: '/campaigns',
  },
  { id: 'replica', seen: 'A page was read from a replica', how: 'Open the campaigns', href: '/campaigns' },
  { id: 'trace', seen: 'You looked at a trace', how: 'Follow the link at the foot', href: '/ops/traces' },
] as const;

export type TrialId = (typeof trials)[number]['id'];
