import express from 'express';

/** What the Express applications of a bench answer: at once, after a while, with a body, and in a stream of events. */
export function addSampleRoutes(app) {
  app.get('/slow', (_, response) => {
    setTimeout(() => response.json({ took: 200 }), 200);
  });
  app.get('/quick', (_, response) => {
    response.json({ took: 0 });
  });
  app.post('/orders', express.json(), (request, response) => {
    response.status(201).json(request.body);
  });
  app.get('/events', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('data: hello\n\n');
    const timer = setInterval(() => response.write('data: tick\n\n'), 500);
    response.once('close', () => clearInterval(timer));
  });
}

/** Requests for all of them. */
export const sampleLoad = {
  clients: 20,
  requests: [
    { method: 'GET', path: '/quick' },
    { method: 'GET', path: '/slow' },
    {
      method: 'POST',
      path: '/orders',
      headers: { 'content-type': 'application/json' },
      body: '{"item":1}',
    },
  ],
  streamPath: '/events',
};
