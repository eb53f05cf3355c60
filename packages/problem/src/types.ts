import type { ContextSource } from '@unite/core';
import type {
  FieldError,
  ProblemDocument,
  ProblemPageRenderer,
  ProblemRequest,
  RenderedProblem,
} from './document-types';
import type { ProblemError } from './errors';

export type * from './document-types';

/**
 * One kind of problem, written once: what the API answers, what the documentation page says, what the
 * OpenAPI component looks like and what the client may expect.
 *
 * @see RFC 9457 §4 (Defining New Problem Types)
 */
export interface ProblemType {
  /** HTTP status of every occurrence, 400–599. */
  readonly status: number;
  /** Short summary that does not change from occurrence to occurrence. */
  readonly title: string;
  /** For the documentation page: what happened, in a sentence or two. */
  readonly description?: string | undefined;
  /** For the documentation page: what the caller can do about it. */
  readonly fix?: string | undefined;
  /** Headers that travel with every occurrence, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Further members that occurrences carry, as JSON Schemas. They type `problems.error(…, { extensions })`. */
  readonly extensions?: Readonly<Record<string, ExtensionSchema>> | undefined;
  /** The texts in other languages, by language tag (`de`, `pt-BR`). */
  readonly translations?: Readonly<Record<string, ProblemTexts>> | undefined;
  /** An occurrence as it could be sent, shown on the documentation page and in the OpenAPI. */
  readonly example?: Omit<Occurrence, 'cause'> | undefined;
}

/** The JSON Schema of one extension member. Only `type` is looked at for the TypeScript type. */
export interface ExtensionSchema {
  readonly type?: keyof ExtensionTypes | undefined;
  readonly description?: string | undefined;
  readonly [keyword: string]: unknown;
}

/** TypeScript types of the JSON Schema types. */
export interface ExtensionTypes {
  readonly string: string;
  readonly number: number;
  readonly integer: number;
  readonly boolean: boolean;
  readonly array: readonly unknown[];
  readonly object: Readonly<Record<string, unknown>>;
}

/** What of a problem type is text, and so can be translated. */
export interface ProblemTexts {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly fix?: string | undefined;
}

/** A registry's definitions: slug (or absolute URI) → type. */
export type ProblemTypes = Readonly<Record<string, ProblemType>>;

/** Slugs that every registry knows without defining them. */
export type BuiltInSlug =
  | 'quota-exceeded'
  | 'temporary-reduced-capacity'
  | 'abnormal-usage-detected'
  | 'idempotency-key-missing'
  | 'idempotency-key-reused'
  | 'idempotency-key-in-flight';

/** The slugs that a registry knows: `ProblemSlug<typeof problems>`. */
export type ProblemSlug<Registry> = Registry extends { readonly types: infer Types }
  ? Extract<keyof Types, string> | BuiltInSlug
  : string;

/** Extension members of one problem type: `ProblemExtensions<typeof problems, 'out-of-credit'>`. */
export type ProblemExtensions<Registry, Slug extends string> = Registry extends {
  readonly types: infer Types;
}
  ? ExtensionsOf<Types, Slug>
  : Readonly<Record<string, unknown>>;

/** The members that a definition declares, each optional; any member where it declares none. */
export type ExtensionsOf<Types, Slug extends string> = Slug extends keyof Types
  ? Types[Slug] extends { readonly extensions: infer Schemas }
    ? { readonly [Name in keyof Schemas]?: ExtensionValue<Schemas[Name]> | undefined }
    : Readonly<Record<string, unknown>>
  : Readonly<Record<string, unknown>>;

type ExtensionValue<Schema> = Schema extends { readonly type: keyof ExtensionTypes }
  ? ExtensionTypes[Schema['type']]
  : unknown;

/** What is particular about one occurrence of a problem. */
export interface Occurrence<Extensions = Readonly<Record<string, unknown>>> {
  /** What happened this time, written for the client. At most 2,000 characters are sent. */
  readonly detail?: string | undefined;
  /** URI of this occurrence. @default the request's path, without its query */
  readonly instance?: string | undefined;
  /** What is wrong with which field. At most 100 are sent; `errorsOmitted` counts the rest. */
  readonly errors?: readonly FieldError[] | undefined;
  /** Further members of the document. They never override the standard five. */
  readonly extensions?: Extensions | undefined;
  /** Response headers of this occurrence. Invalid and connection-level ones are dropped with a warning. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For logs and error trackers. Nothing of it is ever sent. */
  readonly cause?: unknown;
}

/** Options of {@link defineProblems}. */
export interface ProblemsOptions<Types extends ProblemTypes = ProblemTypes> {
  /** Where the documentation pages are: an absolute URL or a path. A slug is appended to it. */
  readonly baseUrl: string;
  /** The registry. */
  readonly types: Types;
  /** Where `requestId` and `traceId` come from. @default the shared slot of `@unite/core/context` */
  readonly context?: ContextSource | undefined;
  /** Adds members to every document, such as the error tracker's event id. Never overrides others. */
  readonly members?: (() => Readonly<Record<string, unknown>> | undefined) | undefined;
  /** Turns errors of your libraries into a problem; `undefined` leaves the error to the defaults. */
  readonly map?: ((error: unknown) => MappedProblem<Types> | undefined) | undefined;
  /** The page for browsers. `false` answers JSON always. @default `problemPage` in `/express` and `/next` */
  readonly html?: ProblemPageRenderer | false | undefined;
  /** Answers in the language that the request prefers: `acceptLanguage()` of `@unite/problem/languages`. @default none, the titles as written */
  readonly language?: ProblemLanguage | undefined;
}

/** What `map` returns: a type of the registry (or a status) and the occurrence. */
export interface MappedProblem<Types extends ProblemTypes = ProblemTypes> extends Omit<Occurrence, 'cause'> {
  readonly type: Extract<keyof Types, string> | BuiltInSlug | number;
}

/** One line of the registry. */
export interface ProblemEntry {
  /** Key in `types`. */
  readonly slug: string;
  /** The `type` member of its documents. */
  readonly uri: string;
  readonly definition: ProblemType;
  /** Whether the package brought it. */
  readonly builtIn: boolean;
}

/** Prepares the translation of a registry's answers. `acceptLanguage` of `@unite/problem/languages` makes one. */
export type ProblemLanguage = (types: ProblemTypes) => ProblemTranslator;

/** Translates the answers of one registry. */
export interface ProblemTranslator {
  /** Tags that answers may come in, the default first. */
  readonly languages: readonly string[];
  /** The document in the language that the request prefers. Never throws. */
  translate(
    document: ProblemDocument,
    definition: ProblemType | undefined,
    request: ProblemRequest | undefined,
  ): TranslatedProblem;
}

/** A document, and the language that it is in. */
export interface TranslatedProblem {
  readonly document: ProblemDocument;
  /** Language tag, sent as `Content-Language`. */
  readonly language: string;
}

/** What {@link defineProblems} returns. Its functions need no `this`. */
export interface Problems<Types extends ProblemTypes = ProblemTypes> {
  readonly baseUrl: string;
  /** The definitions as given. */
  readonly types: Types;
  /** Own types first, then the built-in ones. */
  readonly registry: readonly ProblemEntry[];
  /** Tags that answers may come in, the default first. */
  readonly languages: readonly string[];
  /**
   * An error to throw, of a type of the registry, or of a bare status (`about:blank`).
   *
   * @throws TypeError when the registry does not know the type
   * @example
   * throw problems.error('validation', { errors: [{ field: 'email', message: 'Required' }] });
   * throw problems.error(405, { headers: { Allow: 'GET' } });
   */
  error<Slug extends Extract<keyof Types, string> | BuiltInSlug | number>(
    type: Slug,
    occurrence?: Occurrence<
      Slug extends string ? ExtensionsOf<Types, Slug> : Readonly<Record<string, unknown>>
    >,
  ): ProblemError<Slug extends string ? Slug : 'about:blank'>;
  /** Turns anything thrown into a problem. Never throws; what is not marked as public stays inside. */
  from(error: unknown): ProblemError;
  /** The one of several failures that stops the caller first: 5xx, 401, 403, 429, then the first of the rest. */
  mostRelevant(errors: readonly unknown[]): ProblemError;
  /** The document as plain data, for workers, server actions and logs. */
  toJSON(error: unknown, request?: ProblemRequest): ProblemDocument;
  /** Status, headers and body, for what is not a Web server. Publishes `unite:problem:respond`. */
  render(error: unknown, request?: ProblemRequest, defaults?: RenderDefaults): RenderedProblem;
  /** The answer. Publishes `unite:problem:respond`. Never throws. */
  respond(error: unknown, request?: ProblemRequest, defaults?: RenderDefaults): Response;
}

/** A registry of whatever types, for functions that take one. */
export type AnyProblems = Pick<Problems, keyof Problems>;

/** What an adapter adds where the registry says nothing. */
export interface RenderDefaults {
  readonly html?: ProblemPageRenderer | undefined;
}

/** Message of the channel `unite:problem:respond`. */
export interface ProblemRespondMessage {
  /** The document's `type`. */
  readonly type: string;
  readonly status: number;
  /** What was thrown, unchanged. */
  readonly error: unknown;
}
