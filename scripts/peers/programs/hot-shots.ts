import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { startApm } from '@unite/apm';
import { datadog } from '@unite/apm/datadog';

const agent = createSocket('udp4').bind(0, '127.0.0.1');
await once(agent, 'listening');
let received = '';
agent.on('message', (message) => {
  received += `${message}\n`;
});
const apm = startApm({
  service: { name: 'crm', release: 'v1' },
  sinks: [datadog({ host: '127.0.0.1', port: agent.address().port })],
});
apm.count('contacts_created', 2);
apm.record('import_seconds', 0.2);
await apm.flush();
while (!/import_seconds/.test(received))
  await once(agent, 'message', { signal: AbortSignal.timeout(30_000) });
assert.match(received, /contacts_created[^:]*:2\|c/);
assert.match(received, /import_seconds[^:]*:0\.2\|/);
await apm.close();
agent.close();
console.log('a counter and a distribution, received over UDP');
