// As its guide says: one line, before everything else.
require('dd-trace').init({
  service: 'bench',
  env: 'bench',
  version: '1.0.0',
  url: process.env.TRACE_AGENT_URL,
});

module.exports = {};
