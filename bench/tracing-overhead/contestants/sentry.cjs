// As its guide says, with every request traced. Since version 11 it has spans of its own and registers no provider.
// https://docs.sentry.io/platforms/javascript/guides/express/tracing/
const Sentry = require('@sentry/node');

Sentry.init({
  dsn: `http://${'a'.repeat(32)}@${new URL(process.env.RECEIVER_URL).host}/1`,
  tracesSampleRate: 1,
});

module.exports = {};
