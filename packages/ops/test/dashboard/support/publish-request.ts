import { channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';

/** A request that ends at once, as Node and `@unite/apm` tell of it. */
export function publishRequest({
  url = '/',
  method = 'GET',
  status = 200,
  requestId,
  tenantId,
}: {
  readonly url?: string;
  readonly method?: string;
  readonly status?: number;
  readonly requestId?: string | undefined;
  readonly tenantId?: string | undefined;
}): void {
  const response = Object.assign(new EventEmitter(), {
    statusCode: status,
    writableFinished: true,
    getHeader: (name: string) => (name === 'x-request-id' ? requestId : undefined),
  });
  channel('http.server.request.start').publish({ request: { url, method }, response });
  response.emit('close');
  if (tenantId !== undefined)
    channel('unite:apm:request').publish({ requestId, tenantId, route: `${method} ${url}` });
}
