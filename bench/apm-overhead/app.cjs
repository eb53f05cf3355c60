// One server: `node app.cjs <contestant>`. What observes starts before anything that it patches is loaded.
const { before = [], after = () => [] } = require(`./contestants/${process.argv[2]}.cjs`);
const express = require('express');

const app = express();
app.disable('x-powered-by');
app.disable('etag');
for (const each of before) app.use(each);
app.get('/trivial/:id', (request, response) => response.json({ id: request.params.id }));
app.get('/waiting/:id', async (request, response) => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  response.json({ id: request.params.id });
});
for (const each of after(app)) app.use(each);
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', () => process.send({ cpu: process.cpuUsage(), rssBytes: process.memoryUsage.rss() }));
process.on('disconnect', () => process.exit());
