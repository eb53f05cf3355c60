// As its guide says, without tracing.
const Sentry = require('@sentry/node');

Sentry.init({ dsn: process.env.SENTRY_DSN, release: '1.0.0', environment: 'bench' });

module.exports = {
  after: (app) => {
    Sentry.setupExpressErrorHandler(app);
    return [];
  },
};
