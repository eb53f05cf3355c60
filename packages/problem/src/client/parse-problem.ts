import { describeArgument } from '@unite/shared';
import { readText } from '../read-text';
import { statusPhrase } from '../status-phrase';
import { parsedErrors } from './parsed-errors';

/** What a client knows about a failed request. */
export interface ParsedProblem {
  /** `about:blank` where the body names none; a relative one is resolved against the response's URL. */
  readonly type: string;
  /** The status phrase where the body names none. */
  readonly title: string;
  /** The response's real status, whatever the body says. */
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
  /** `errors` of the body in one shape, also from ASP.NET Core's object of lists. */
  readonly errors?: readonly ParsedFieldError[];
  /** What to quote to the support. */
  readonly requestId?: string;
  readonly traceId?: string;
  /** Every other member as it came, `errors`, `requestId` and `traceId` among them. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Whether the body was a problem document; `false` for a proxy's page, an empty or a broken body. */
  readonly documented: boolean;
}

/** One entry of `errors`, as far as the body told. */
export interface ParsedFieldError {
  readonly message: string;
  readonly field?: string;
  readonly pointer?: string;
  readonly code?: string;
}

/** Options of {@link parseProblem}. */
export interface ParseProblemOptions {
  /** A longer body is not read to its end and counts as none. @default 65_536 */
  readonly maxBytes?: number;
}

/**
 * Reads any failed response as a problem, whatever it holds: members of the wrong JSON type are ignored, and a body
 * that is no problem document gives one made from the status.
 *
 * @param response its body is consumed, unless the response is ok
 * @returns `undefined` below status 400
 * @throws TypeError for what is no response, such as a promise that nobody has awaited
 * @see RFC 9457 §3.1, §3.2
 * @example
 * const problem = await parseProblem(response);
 * if (problem) showErrors(problem.errors ?? [], problem.detail ?? problem.title);
 */
export async function parseProblem(
  response: Response,
  { maxBytes = 65_536 }: ParseProblemOptions = {},
): Promise<ParsedProblem | undefined> {
  if (typeof response?.status !== 'number') {
    throw new TypeError(`parseProblem: response must be a Response, got ${describeArgument(response)}`);
  }
  if (response.status < 400) return undefined;
  const members = problemMembers(
    await readText(response, maxBytes),
    response.headers.get('content-type') ?? '',
  );
  const documented = members !== undefined;
  const { type, title, status: _claimed, detail, instance, ...others } = members ?? {};
  // "__proto__" stays a name: spreading and rest define properties, they do not assign them.
  const extensions = others;
  return {
    // A missing type means about:blank (RFC 9457 §3.1.1).
    type: isFilled(type) ? resolved(type, response.url) : 'about:blank',
    title: isFilled(title) ? title : statusPhrase(response.status),
    // The status member is advisory (RFC 9457 §3.1.2).
    status: response.status,
    ...(typeof detail === 'string' && { detail }),
    ...(isFilled(instance) && { instance: resolved(instance, response.url) }),
    ...parsedErrors(extensions.errors),
    ...(typeof extensions.requestId === 'string' && { requestId: extensions.requestId }),
    ...(typeof extensions.traceId === 'string' && { traceId: extensions.traceId }),
    extensions,
    documented,
  };
}

/** The body's members if it is a problem: by its media type, or as plain JSON that has a type or title. */
function problemMembers(text: string | undefined, contentType: string): Record<string, unknown> | undefined {
  if (text === undefined || !/^\s*application\/(?:[\w.-]+\+)?json\b/i.test(contentType)) return undefined;
  const members = parsedObject(text);
  if (!members || /^\s*application\/problem\+json\b/i.test(contentType)) return members;
  return isFilled(members.type) || isFilled(members.title) ? members : undefined;
}

function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Relative references are resolved against the document's base (RFC 9457 §3.1.1). */
function resolved(reference: string, base: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference) || !URL.canParse(reference, base)) return reference;
  return new URL(reference, base).href;
}
