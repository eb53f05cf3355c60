/** What may be broken, on which server and how, and what should hold meanwhile. */
export const drillList = [
  {
    name: 'kill-replica',
    title: 'Kill a replica',
    holds: 'Reads move to the other servers. Keep working: no page fails.',
    server: 'replica_2',
    action: 'kill',
    broken: 'replica_2 down',
  },
  {
    name: 'kill-primary',
    title: 'Kill the primary',
    holds: 'Reading goes on. Saving waits a few seconds for it, then says that it cannot be done now.',
    server: 'primary',
    action: 'kill',
    broken: 'primary down',
  },
  {
    name: 'freeze-redis',
    title: 'Freeze Redis',
    holds: 'Screens come from memory and the database, within their time. Calls are counted afterwards.',
    server: 'redis',
    action: 'freeze',
    broken: 'redis frozen',
  },
  {
    name: 'kill-redis',
    title: 'Kill Redis',
    holds: 'Nothing that matters is lost: what it knew is counted and read anew.',
    server: 'redis',
    action: 'kill',
    broken: 'redis down',
  },
] as const;

export type DrillPlan = (typeof drillList)[number];
