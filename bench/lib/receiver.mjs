import { createServer } from 'node:http';

/** Takes whatever comes, at the least cost, so that what is measured is the sender. */
const server = createServer((request, response) => {
  let bytes = 0;
  request.on('data', (chunk) => {
    bytes += chunk.length;
  });
  request.on('end', () => {
    counts.requests += 1;
    counts.bytes += bytes;
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});
const counts = { requests: 0, bytes: 0 };

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ ...counts }));
process.on('disconnect', () => process.exit());
