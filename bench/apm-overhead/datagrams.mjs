import { createSocket } from 'node:dgram';

/** Takes datagrams, as an agent of Datadog would, and only counts them. */
const socket = createSocket('udp4');
let packets = 0;
socket.on('message', () => {
  packets += 1;
});
socket.bind(0, '127.0.0.1', () => process.send({ port: socket.address().port }));
process.on('message', () => process.send({ packets }));
process.on('disconnect', () => process.exit());
