/**
 * Four customers, one on each plan, with the people who may sign in and how much data each has: what its plan allows
 * (lib/plans.ts), and on Free so much of it that a newcomer soon meets the limit.
 */
export const workspaces = [
  {
    id: 'lantern',
    name: 'Lantern Studio',
    plan: 'free',
    contacts: 93,
    campaigns: 4,
    people: [
      ['Ada', 'owner'],
      ['Bela', 'manager'],
      ['Cyrus', 'member'],
      ['Dina', 'viewer'],
    ],
  },
  {
    id: 'copperline',
    name: 'Copperline Cycles',
    plan: 'starter',
    contacts: 820,
    campaigns: 6,
    people: [
      ['Esra', 'owner'],
      ['Filip', 'manager'],
      ['Gwen', 'member'],
      ['Hiro', 'viewer'],
    ],
  },
  {
    id: 'harbour',
    name: 'Harbour Analytics',
    plan: 'pro',
    contacts: 1_687,
    campaigns: 12,
    people: [
      ['Imani', 'owner'],
      ['Joel', 'manager'],
      ['Katya', 'member'],
      ['Luis', 'viewer'],
    ],
  },
  {
    id: 'meridian',
    name: 'Meridian Freight',
    plan: 'enterprise',
    contacts: 2_400,
    campaigns: 12,
    people: [
      ['Mira', 'owner'],
      ['Nuno', 'manager'],
      ['Olga', 'member'],
      ['Pavel', 'viewer'],
    ],
  },
];
