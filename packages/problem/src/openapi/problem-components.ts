import { type DocumentedType, documentedTypes, type ProblemRegistry } from '../docs/documented-types';
import { componentName } from './component-name';

/** What {@link problemComponents} adds to `components` of an OpenAPI 3.1 document. */
export interface OpenApiComponents {
  readonly schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly responses: Readonly<Record<string, OpenApiResponse>>;
}

/** A Response Object of OpenAPI 3.1. */
export interface OpenApiResponse {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Any problem (RFC 9457 §3.1, Appendix A), with the members that this package adds. */
const problemSchema = {
  type: 'object',
  description: 'Problem details (RFC 9457).',
  required: ['type', 'title', 'status'],
  properties: {
    type: {
      type: 'string',
      format: 'uri-reference',
      description: 'URI of the problem type; opening it explains it.',
    },
    title: { type: 'string', description: 'Summary of the problem type.' },
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'HTTP status of the response.' },
    detail: { type: 'string', description: 'What happened this time.' },
    instance: {
      type: 'string',
      format: 'uri-reference',
      description: 'The occurrence: the path of the request.',
    },
    errors: { type: 'array', items: { $ref: '#/components/schemas/ProblemFieldError' } },
    errorsOmitted: {
      type: 'integer',
      minimum: 1,
      description: 'How many more errors there are than are listed.',
    },
    requestId: { type: 'string', description: 'To quote to the support.' },
    traceId: { type: 'string', pattern: '^[0-9a-f]{32}$', description: 'W3C trace id.' },
  },
} as const;

const fieldErrorSchema = {
  type: 'object',
  required: ['field', 'message'],
  properties: {
    field: { type: 'string', description: 'Path of the field, such as items[0].price.' },
    message: { type: 'string' },
    pointer: { type: 'string', description: 'JSON Pointer as a URI fragment (RFC 6901 §6).' },
    code: { type: 'string', description: 'Stable code of the rule that failed.' },
  },
} as const;

/**
 * Schemas and responses of every problem type, for `components` of an OpenAPI 3.1 document.
 *
 * @example
 * const document = { openapi: '3.1.1', info, paths, components: problemComponents(problems) };
 */
export function problemComponents(problems: ProblemRegistry): OpenApiComponents {
  const types = documentedTypes(problems);
  return {
    schemas: {
      Problem: problemSchema,
      ProblemFieldError: fieldErrorSchema,
      ...Object.fromEntries(types.map((type) => [componentName(type.slug), schemaOf(type)])),
    },
    responses: {
      Problem: { description: 'Any problem.', content: content('Problem') },
      ...Object.fromEntries(types.map((type) => [componentName(type.slug), responseOf(type)])),
    },
  };
}

function schemaOf({ uri, status, description, extensions }: DocumentedType): Record<string, unknown> {
  return {
    allOf: [{ $ref: '#/components/schemas/Problem' }],
    ...(description !== undefined && { description }),
    // Titles may be translated, so only type and status identify.
    properties: { type: { const: uri }, status: { const: status }, ...extensions },
  };
}

function responseOf({ slug, title, headers, example }: DocumentedType): OpenApiResponse {
  const names = Object.keys(headers);
  return {
    description: title,
    ...(names.length > 0 && {
      headers: Object.fromEntries(
        names.map((name) => [name, { schema: { type: 'string' }, example: headers[name] }]),
      ),
    }),
    content: content(componentName(slug), example),
  };
}

function content(schema: string, example?: unknown): Record<string, unknown> {
  return {
    'application/problem+json': {
      schema: { $ref: `#/components/schemas/${schema}` },
      ...(example !== undefined && { example }),
    },
  };
}
