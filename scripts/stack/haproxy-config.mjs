/**
 * One application behind an HAProxy that asks each slot for its health five times a second. A weight of 100 leaves room
 * for a canary of a few percent; readiness that answers 404 while it drains is no failure, and gets no new requests. A
 * copy with more to do than it can is late with its health, too, and must not be taken out for that: it is waited for.
 *
 * @param {{
 *   backend: string, slots: readonly { name: string, port: number }[], port: number, socketPath: string,
 *   tls?: { pemPath: string, caPath: string } | undefined,
 * }} options
 */
export function haproxyConfig({ backend, slots, port, socketPath, tls }) {
  const front = tls ? ` ssl crt ${tls.pemPath} ssl-min-ver TLSv1.3` : '';
  const back = tls
    ? ` ssl ca-file ${tls.caPath} verify required verifyhost localhost ssl-min-ver TLSv1.3`
    : '';
  return `
global
  stats socket ${socketPath} mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  timeout check 5s
  option redispatch
  option forwardfor
listen ${backend}
  bind 127.0.0.1:${port}${front}
  balance roundrobin
  option httpchk GET /health/ready
  http-check disable-on-404
  default-server check inter 200ms fall 3 rise 2 weight 100${back}
${slots.map((slot) => `  server ${slot.name} 127.0.0.1:${slot.port}`).join('\n')}
`;
}
