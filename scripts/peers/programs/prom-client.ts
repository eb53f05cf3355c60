import assert from 'node:assert/strict';
import { startApm } from '@unite/apm';
import { prometheus } from '@unite/apm/prometheus';
import { Counter, Registry } from 'prom-client';

// Beside metrics of the program's own, in its registry.
const registry = new Registry();
new Counter({ name: 'own_total', help: 'Own', registers: [registry] }).inc();
const metrics = prometheus({ registry });
const apm = startApm({ service: { name: 'crm', release: 'v1' }, sinks: [metrics] });
apm.count('contacts_created', 2);
apm.record('import_seconds', 0.2);
const scrape = await (await metrics.metrics()).text();
assert.match(scrape, /^contacts_created_total.* 2$/m);
assert.match(scrape, /^import_seconds_bucket/m);
assert.match(scrape, /^own_total.* 1$/m);
await apm.close();
console.log('counter, histogram, a registry of the program');
