import { routes } from './routes';

/** Who may use a method of a route: everybody, whoever is signed in, or who has at least this role. */
export type Access = 'everybody' | 'viewer' | 'member' | 'manager' | 'owner';

export interface MethodPlan {
  readonly method: string;
  readonly access: Access;
  /** A body that is accepted; its fields are what injections go into. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Demanded from, and refused to, other sites. */
  readonly changes: boolean;
}

/** What is attacked on a route. */
export interface RoutePlan {
  readonly template: string;
  readonly isPage: boolean;
  readonly methods: readonly MethodPlan[];
  readonly refused: readonly string[];
  /** Parameters of the query string. */
  readonly query: readonly string[];
  /** What the parameter of the path names. */
  readonly id?: Id | undefined;
}

type Id = 'campaign' | 'contact' | 'trace' | 'text';

interface Plan {
  readonly query?: readonly string[];
  readonly id?: Id;
  readonly [method: `${Uppercase<string>}`]: Access | readonly [Access, Readonly<Record<string, unknown>>];
}

const contact = {
  email: 'attack@attack.example',
  name: 'n',
  company: 'c',
  jobTitle: 'j',
  phone: '1',
  notes: 'n',
  stage: 'lead',
  score: 1,
  custom: {},
};
const field = { label: 'l', kind: 'choice', options: ['o'] };
const campaign = { name: 'n', subject: 's', audience: 'everyone', sendAt: null };
const list = ['q', 'stage', 'sort', 'page', 'pageSize'];

const plans: Readonly<Record<string, Plan>> = {
  '/': { GET: 'everybody', query: ['signIn', 'returnTo'] },
  '/api/[...path]': {
    GET: 'everybody',
    POST: ['everybody', {}],
    PUT: ['everybody', {}],
    PATCH: ['everybody', {}],
    DELETE: 'everybody',
    id: 'text',
  },
  '/api/browser-errors': {
    POST: ['everybody', { name: 'E', message: 'm', stack: 's', path: '/p', route: '/r' }],
  },
  '/api/browser-spans': { POST: ['everybody', { resourceSpans: [] }] },
  '/api/browser-vitals': { POST: ['everybody', { name: 'LCP', value: 1, path: '/p', route: '/r' }] },
  '/api/campaigns': { GET: 'viewer', POST: ['manager', campaign] },
  '/api/campaigns/[id]': { GET: 'viewer', id: 'campaign' },
  '/api/campaigns/[id]/send': { POST: 'manager', id: 'campaign' },
  '/api/contacts': { GET: 'viewer', POST: ['member', contact], query: list },
  '/api/contacts/[id]': { GET: 'viewer', PATCH: ['member', contact], DELETE: 'member', id: 'contact' },
  '/api/contacts/[id]/score': { POST: 'member', id: 'contact' },
  '/api/contacts/import': { POST: ['member', { csv: 'email\na@attack.example', dryRun: true }] },
  '/api/custom-fields': { GET: 'viewer', POST: ['manager', field] },
  '/api/custom-fields/[id]': { DELETE: 'manager', id: 'text' },
  '/api/drills': { GET: 'owner' },
  '/api/drills/[name]': { POST: 'owner', query: ['action', 'returnTo'], id: 'text' },
  '/api/feedback': { POST: ['viewer', { message: 'm', digest: 'd', eventId: 'e' }] },
  '/api/hot-leads': { GET: 'viewer', query: ['min'] },
  '/api/ops/cluster': { GET: 'owner' },
  '/api/ops/errors': { POST: 'owner' },
  '/api/ops/tls': { GET: 'owner' },
  '/api/ops/traces/[id]': { GET: 'owner', id: 'trace' },
  '/api/registry/[[...type]]': { GET: 'everybody', id: 'text' },
  '/api/session': { POST: ['everybody', { userId: 'lantern-ada' }], DELETE: 'everybody' },
  '/api/session/begin': { GET: 'everybody', query: ['returnTo', 'person'] },
  '/api/session/callback': {
    GET: 'everybody',
    query: ['code', 'state', 'iss', 'error', 'error_description'],
  },
  '/api/try-this': { GET: 'viewer' },
  '/api/usage': { GET: 'viewer' },
  '/campaigns': { GET: 'viewer' },
  '/contacts': { GET: 'viewer', query: list },
  '/contacts/fields': { GET: 'viewer' },
  '/contacts/import': { GET: 'viewer' },
  '/contacts/[id]': { GET: 'viewer', id: 'contact' },
  '/contacts/new': { GET: 'viewer' },
  '/errors': { GET: 'everybody' },
  '/errors/[type]': { GET: 'everybody', id: 'text' },
  '/health/[...page]': { GET: 'everybody', id: 'text' },
  '/metrics': { GET: 'everybody' },
  '/ops/[[...path]]': { GET: 'owner', POST: 'owner', id: 'text' },
  '/usage': { GET: 'viewer' },
};

/** Routes that nobody has planned attacks on, and plans of what is not there: both must be none. */
export const gaps: readonly string[] = [
  ...routes.flatMap(({ template, methods }) =>
    methods
      .filter((method) => !(plans[template] && method in plans[template]))
      .map((method) => `${method} ${template}`),
  ),
  ...Object.keys(plans).filter((planned) => !routes.some(({ template }) => template === planned)),
];

export const attackPlans: readonly RoutePlan[] = routes.map((route) => {
  const { query = [], id, ...methods } = plans[route.template] ?? {};
  return { ...route, query, id, methods: Object.entries(methods).map(methodPlan) };
});

/** A path of the route, with this in the place of its parameter. */
export function pathOf({ template }: Pick<RoutePlan, 'template'>, value = 'x'): string {
  return template.replace(/\[+(\.\.\.)?\w+\]+/, value);
}

function methodPlan([method, plan]: [string, unknown]): MethodPlan {
  const [access, body] = (Array.isArray(plan) ? plan : [plan]) as [Access, MethodPlan['body']?];
  return { method, access, changes: method !== 'GET', ...(body && { body }) };
}
