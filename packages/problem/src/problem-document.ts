import type { ContextSource } from '@unite/core';
import { type CleanProblem, extensionMembers, uriReference } from './clean-problem';
import { guarded } from './guarded';
import type { ProblemDocument, ProblemRequest, ProblemsOptions } from './types';

/** Members in the order of the RFC, then what helps to find the occurrence. */
export function problemDocument(
  { type, title, status, detail, instance, extensions }: CleanProblem,
  request: ProblemRequest | undefined,
  readContext: ContextSource,
  members: ProblemsOptions['members'],
): ProblemDocument {
  const document: Record<string, unknown> = { type, title, status };
  const context = guarded('context', readContext);
  add('detail', detail);
  add('instance', instance ?? (request && uriReference(pathOf(request.url))));
  for (const name in extensions) add(name, extensions[name]);
  add('requestId', context?.requestId);
  add('traceId', context?.traceId);
  if (members) {
    const more = guarded('members', () => extensionMembers(members()));
    for (const name in more) add(name, more[name]);
  }
  return document as unknown as ProblemDocument;

  /** Nothing overrides a member that is there: not the standard ones (RFC 9457 §3.2), nor any other. */
  function add(name: string, value: unknown): void {
    if (value !== undefined && !(name in document)) document[name] = value;
  }
}

/** The path of a URL, or of a path with query: what follows `?` may be a secret. */
function pathOf(url: string): string {
  return url.replace(/^\w+:\/\/[^/?#]*|[?#].*$/gs, '') || '/';
}

/** The document as text. What JSON cannot hold (a cycle, a bigint, a throwing getter) costs the extensions only. */
export function stringifyDocument(document: ProblemDocument): string {
  try {
    return JSON.stringify(document);
  } catch {
    const { type, title, status, detail, instance, requestId, traceId } = document;
    return JSON.stringify({ type, title, status, detail, instance, requestId, traceId });
  }
}
