/** Most spans in one report: a browser sends no more, and a server takes no more. */
export const maxReportSpans = 50;
