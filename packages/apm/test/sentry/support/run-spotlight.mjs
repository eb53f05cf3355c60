import { setupSpotlight } from '@spotlightjs/spotlight';

const server = await setupSpotlight({ port: 0 });
process.send({ port: server.address().port });
