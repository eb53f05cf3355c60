const { STATUS_CODES } = require('node:http');
const { trace } = require('@opentelemetry/api');
const { ProblemDocument } = require('http-problem-details');

exports.notFoundMiddleware = (_request, _response, next) =>
  next(Object.assign(new Error('Not found'), { status: 404 }));

/** https://github.com/PDMLab/http-problem-details#usage, with the ids that lead to the trace and to the error. */
exports.problemMiddleware =
  ({ currentRequest, eventId }) =>
  (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status >= 400 && error.status < 600 ? error.status : 500;
    const document = new ProblemDocument(
      { type: 'about:blank', title: STATUS_CODES[status], status, instance: request.originalUrl },
      {
        requestId: currentRequest()?.requestId,
        traceId: trace.getActiveSpan()?.spanContext().traceId,
        eventId: eventId(),
      },
    );
    response.status(status).type('application/problem+json').send(JSON.stringify(document));
  };
