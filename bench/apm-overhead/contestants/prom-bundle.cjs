const promBundle = require('express-prom-bundle');

module.exports = {
  before: [promBundle({ includeMethod: true, includePath: true, promClient: { collectDefaultMetrics: {} } })],
};
