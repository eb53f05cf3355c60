// Loaded into a copy of the real build before anything else of it, by `--import`: makes of it a release that should never
// have been. `BROKEN_BUILD` says how.
import http from 'node:http';

const slowMs = 1_500;
const kind = process.env.BROKEN_BUILD;

if (kind === 'crash') {
  throw new Error('This release cannot start: it is the one of the drill that crashes');
}
const { emit } = http.Server.prototype;

http.Server.prototype.emit = /** @this {http.Server} */ function (/** @type {any[]} */ ...given) {
  const [event, request, response] = given;
  const pass = () => Reflect.apply(emit, this, given);
  if (event !== 'request') return pass();
  // Accepts, and never answers anything.
  if (kind === 'hang') return true;
  if (request.url?.startsWith('/health/') || request.url === '/metrics') return pass();
  if (kind === 'errors') response.writeHead(500).end();
  else setTimeout(pass, slowMs);
  return true;
};
