// Loaded into a copy of the real build before anything else of it, by `--import`: makes of it a release that should never
// have been. `BROKEN_BUILD` says how.
import http from 'node:http';

const slowMs = 1_500;
const kind = process.env.BROKEN_BUILD;

if (kind === 'crash') {
  throw new Error('This release cannot start: it is the one of the drill that crashes');
}
const { emit } = http.Server.prototype;
http.Server.prototype.emit = function (event, ...given) {
  if (event !== 'request') return emit.call(this, event, ...given);
  const [request, response] = given;
  const isHealth = request.url?.startsWith('/health/');
  // Accepts, and never answers anything.
  if (kind === 'hang') return true;
  if (isHealth || request.url === '/metrics') return emit.call(this, event, ...given);
  if (kind === 'errors') {
    response.writeHead(500).end();
    return true;
  }
  setTimeout(() => emit.call(this, event, ...given), slowMs);
  return true;
};
