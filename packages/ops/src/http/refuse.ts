import type { ServerResponse } from 'node:http';
import type { OpsError } from '../errors';
import { refusalDocument } from '../shedding/refusal-document';

/** Answers with what the client is told, which costs next to nothing: there may be many of them. */
export function refuse(response: ServerResponse, refusal: OpsError): void {
  const { status, headers, body } = refusalDocument(refusal);
  response.writeHead(status, headers).end(body);
}
