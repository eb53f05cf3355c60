/** Words that only a stack trace or a database error would put into an answer. */
const internals = /\bat \S+ \(.*:\d+:\d+\)|node_modules|\bnode:internal\b|\bECONNREFUSED\b|\bSQLSTATE\b/;

/**
 * What keeps an answer from being a problem document (RFC 9457 §3), in words; `undefined` when it is one.
 *
 * @param response its body is read
 */
export async function problemFlaw(response: Response): Promise<string | undefined> {
  const mediaType = response.headers.get('content-type') ?? 'no content type';
  const text = await response.text();
  if (!/^application\/problem\+json\b/i.test(mediaType)) return `content type is ${mediaType}`;
  const document = parsed(text);
  if (typeof document !== 'object' || document === null) return 'body is no JSON object';
  const { type, title, status } = document as Record<string, unknown>;
  if (typeof type !== 'string') return 'type is missing';
  if (typeof title !== 'string' || title === '') return 'title is missing';
  if (status !== response.status)
    return `status member is ${JSON.stringify(status)}, the response's is ${response.status}`;
  if (internals.test(text)) return 'body shows internals';
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
