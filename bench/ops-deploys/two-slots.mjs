/**
 * HAProxy as docs/ops/deploy.md says it: two slots, and another try for what may be tried twice.
 *
 * @param {readonly [number, number]} ports of blue and green
 */
export function twoSlots([blue, green]) {
  return ({ port, socketPath }) => `
global
  stats socket ${socketPath} mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  timeout check 2s
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response response-timeout
listen app
  bind 127.0.0.1:${port}
  balance roundrobin
  acl may_be_repeated method GET HEAD
  acl may_be_repeated req.hdr(idempotency-key) -m found
  http-request disable-l7-retry unless may_be_repeated
  option httpchk GET /health/ready
  http-check disable-on-404
  default-server check inter 200ms fall 3 rise 2 weight 100
  server blue 127.0.0.1:${blue}
  server green 127.0.0.1:${green}
`;
}
