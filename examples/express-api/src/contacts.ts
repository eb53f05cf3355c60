import { needsMiddleware } from '@unite/ops/express';
import { methodNotAllowedMiddleware } from '@unite/problem/express';
import { quotaMiddleware } from '@unite/quota/express';
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import { createContact } from '../../crm/lib/contacts/change-contacts';
import { contactQuery, hotLeadsQuery, newContact } from '../../crm/lib/contacts/contact';
import { getContact } from '../../crm/lib/contacts/get-contact';
import { listHotLeads } from '../../crm/lib/contacts/hot-leads';
import { listContacts } from '../../crm/lib/contacts/list-contacts';
import { requirePermission } from '../../crm/lib/current-session';
import { listFields } from '../../crm/lib/custom-fields/list-fields';
import { requestFacts } from '../../crm/lib/request-facts';
import { idempotencyKeyOf, maxBodyBytes, readBody, readQuery } from '../../crm/lib/validate';
import { lifecycle, problems, quota } from './unite';
import { webRequest } from './web-request';

/** Contacts, by the functions that the CRM calls: the same rules, and the same entries of the cache. */
export const contacts = Router();

contacts
  .route('/contacts')
  .get(
    calls((request) => (String(request.query.q ?? '').trim() === '' ? 1 : 5)),
    async (request, response) => {
      response.json(await listContacts(await readQuery(webRequest(request), contactQuery)));
    },
  )
  .post(
    needsMiddleware(lifecycle, { needs: 'write', onRefused: 'next' }),
    calls(() => 1),
    mayWrite,
    // As text, whatever it is called: the CRM's validation says what is wrong with it.
    express.text({ type: () => true, limit: maxBodyBytes, inflate: false }),
    async (request, response) => {
      const received = webRequest(request);
      const given = await readBody(received, newContact(await listFields()));
      const contact = await createContact(given, idempotencyKeyOf(received));
      response
        .status(201)
        .location(`${request.baseUrl}/contacts/${contact.id}`)
        .set('etag', `"${contact.version}"`)
        .json(contact);
    },
  )
  .all(methodNotAllowedMiddleware(problems, ['GET', 'POST']));

contacts
  .route('/contacts/:id')
  .get(
    calls(() => 1),
    async (request, response) => {
      const contact = await getContact(request.params.id);
      response.set('etag', `"${contact.version}"`).json(contact);
    },
  )
  .all(methodNotAllowedMiddleware(problems, ['GET']));

contacts
  .route('/hot-leads')
  .get(
    calls(() => 1),
    async (request, response) => {
      const { min } = await readQuery(webRequest(request), hotLeadsQuery);
      response.json(await listHotLeads(min));
    },
  )
  .all(methodNotAllowedMiddleware(problems, ['GET']));

/** What a request uses of the workspace's plan. Of whoever is nobody there is nothing to charge. */
function calls(apiCalls: (request: Request) => number): RequestHandler {
  return quotaMiddleware<Request>({
    quota,
    use: (request) => (requestFacts()?.session ? { apiCalls: apiCalls(request) } : {}),
  });
}

/** Asked before the body is read. */
function mayWrite(_request: Request, _response: Response, next: NextFunction): void {
  requirePermission('write contacts');
  next();
}
