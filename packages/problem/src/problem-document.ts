import type { ContextSource } from '@unite/core';
import type { CleanProblem } from './clean-problem';
import { guarded } from './guarded';
import type { ProblemDocument, ProblemRequest, ProblemsOptions } from './types';
import { uriReference } from './uri-reference';

/** The members that nothing overrides (RFC 9457 §3.1, §3.2), and the name that would replace the document. */
const reserved = /^(type|title|status|detail|instance|toJSON)$/;

/** Members in the order of the RFC, then what helps to find the occurrence. */
export function problemDocument(
  { type, title, status, detail, instance, extensions }: CleanProblem,
  request: ProblemRequest | undefined,
  readContext: ContextSource,
  members: ProblemsOptions['members'],
): ProblemDocument {
  const document: Pick<ProblemDocument, 'type' | 'title' | 'status'> & Record<string, unknown> = {
    type,
    title,
    status,
  };
  if (detail !== undefined) document.detail = detail;
  const occurrence = instance ?? (request && uriReference(pathOf(request.url)));
  if (occurrence !== undefined) document.instance = occurrence;
  const { requestId, traceId } = guarded('context', readContext) ?? {};
  add(extensions);
  add({ requestId, traceId });
  if (members) guarded('members', () => add(members()));
  return document;

  /** The first to name a member decides it. */
  function add(further: Readonly<Record<string, unknown>> | undefined): void {
    for (const name in further) {
      const value = further[name];
      if (value !== undefined && !(name in document) && !reserved.test(name)) document[name] = value;
    }
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
    return JSON.stringify(document, [
      'type',
      'title',
      'status',
      'detail',
      'instance',
      'requestId',
      'traceId',
    ]);
  }
}
