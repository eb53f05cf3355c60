import type { BuiltInSlug, ProblemDocument, ProblemEntry, Problems, ProblemTexts } from '../types';

/** What pages and OpenAPI need of a registry. */
export type ProblemRegistry = Pick<Problems, 'registry' | 'baseUrl' | 'languages' | 'error' | 'toJSON'>;

/** One type with everything that its page says. */
export interface DocumentedType extends ProblemTexts {
  readonly slug: string;
  readonly uri: string;
  readonly status: number;
  readonly title: string;
  readonly builtIn: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, { readonly type?: unknown; readonly description?: unknown }>>;
  /** An occurrence as it would be sent. */
  readonly example: ProblemDocument;
}

/** Pages of the types that the package brought; the core entry has no room for them. */
const builtInTexts: Readonly<Record<BuiltInSlug, ProblemTexts>> = {
  'quota-exceeded': {
    description: 'The requests exceed one or more quota policies. The member violated-policies names them.',
    fix: 'Wait as long as Retry-After says, then send the request again.',
  },
  'temporary-reduced-capacity': {
    description: 'The service has less capacity than usual and serves fewer requests for now.',
    fix: 'Wait as long as Retry-After says, and send requests more slowly until this stops.',
  },
  'abnormal-usage-detected': {
    description: 'The pattern of requests looks unlike ordinary use, so they are refused.',
    fix: 'Slow down, check the client for a loop, and contact the support if the pattern is intended.',
  },
  'idempotency-key-missing': {
    description:
      'This operation must not be carried out twice by accident, so it needs an Idempotency-Key header.',
    fix: 'Send a unique Idempotency-Key, such as a random UUID, and the same one when you retry.',
  },
  'idempotency-key-reused': {
    description: 'The Idempotency-Key was used before, with another request body.',
    fix: 'Use a new key for a new operation. Retry an operation with its key and exactly its body.',
  },
  'idempotency-key-in-flight': {
    description: 'The first request with this Idempotency-Key has not been answered yet.',
    fix: 'Wait for its answer, or retry later with the same key.',
  },
};

const violatedPolicies = {
  'violated-policies': {
    type: 'array',
    items: { type: 'string' },
    description: 'Names of the policies that were hit.',
  },
};

/** Every type of the registry in one language, the application's own first. */
export function documentedTypes(problems: ProblemRegistry, language?: string): DocumentedType[] {
  return problems.registry.map((entry) => documentedType(problems, entry, language));
}

function documentedType(problems: ProblemRegistry, entry: ProblemEntry, language = ''): DocumentedType {
  const { slug, uri, definition, builtIn } = entry;
  const texts = { ...(builtIn && builtInTexts[slug as BuiltInSlug]), ...definition.translations?.[language] };
  const title = texts.title ?? definition.title;
  return {
    slug,
    uri,
    builtIn,
    status: definition.status,
    title,
    description: texts.description ?? definition.description,
    fix: texts.fix ?? definition.fix,
    headers: definition.headers ?? {},
    extensions: definition.extensions ?? (builtIn && uri.includes('#') ? violatedPolicies : {}),
    example: { ...exampleDocument(problems, entry), title },
  };
}

/** Made by the code that makes real answers, with ids that are easy to recognise as examples. */
function exampleDocument(problems: ProblemRegistry, { slug, definition }: ProblemEntry): ProblemDocument {
  const { instance = '/api/example', ...occurrence } = definition.example ?? {};
  const {
    requestId: _requestId,
    traceId: _traceId,
    ...document
  } = problems.toJSON(problems.error(slug as BuiltInSlug, { instance, ...occurrence }));
  return { ...document, requestId: '2b8f3c1e-6d4a-4f0b-9a57-0c1d2e3f4a5b' } as ProblemDocument;
}
