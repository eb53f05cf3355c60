import { methodNotAllowedMiddleware } from '@unite/problem/express';
import { usageMiddleware } from '@unite/quota/express';
import { type RequestHandler, Router } from 'express';
import { requireSession } from '../../crm/lib/current-session';
import { workspaceUsage } from '../../crm/lib/usage/workspace-usage';
import { problems } from './unite';

/** How the workspace stands, the CRM's use included. To look costs nothing. */
export const usage = Router();

const signedIn: RequestHandler = (_request, _response, next) => {
  requireSession();
  next();
};

usage
  .route('/usage')
  .get(signedIn, usageMiddleware(workspaceUsage))
  .all(methodNotAllowedMiddleware(problems, ['GET']));
