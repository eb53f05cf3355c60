import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';

/** A server of Node. */
export type NodeServer = HttpServer | HttpsServer;

/** What `createServer` takes. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;
