import type { ContextSource } from '@unite/core';
import { type CleanProblem, reservedMembers, uriReference } from './clean-problem';
import { guarded } from './guarded';
import type { ProblemDocument, ProblemRequest, ProblemsOptions } from './types';

/** Members in the order of the RFC, then what helps to find the occurrence. */
export function problemDocument(
  problem: CleanProblem,
  request: ProblemRequest | undefined,
  readContext: ContextSource,
  members: ProblemsOptions['members'],
): ProblemDocument {
  const { type, title, status, detail } = problem;
  const document: Record<string, unknown> = { type, title, status };
  if (detail !== undefined) document.detail = detail;
  const instance = problem.instance ?? (request && uriReference(pathOf(request.url)));
  if (instance !== undefined) document.instance = instance;
  addMissing(document, problem.extensions);
  const context = guarded('context', readContext);
  if (context?.requestId) document.requestId = context.requestId;
  if (context?.traceId) document.traceId = context.traceId;
  if (members)
    addMissing(
      document,
      guarded('members', () => ({ ...members() })),
    );
  return document as unknown as ProblemDocument;
}

/** Extension members never override the standard ones (RFC 9457 §3.2), nor those added before. */
function addMissing(
  document: Record<string, unknown>,
  members: Readonly<Record<string, unknown>> | undefined,
): void {
  for (const name in members) {
    if (members[name] === undefined || reservedMembers.has(name) || name in document) continue;
    document[name] = members[name];
  }
}

/** The path of a URL, or of a path with query: what follows `?` may be a secret. */
function pathOf(url: string): string {
  const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('://') + 3);
  const end = url.search(/[?#]/);
  return start < 0 || (end >= 0 && end < start) ? '/' : url.slice(start, end < 0 ? undefined : end);
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
