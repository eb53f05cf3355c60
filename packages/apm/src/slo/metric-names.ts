/** What `startApm` tells of itself, as generated rules and dashboards ask for it. Label `sink`. */
export const sinkAcceptedMetric = 'apm_sink_accepted_total';
/** Label `sink`. */
export const sinkSentMetric = 'apm_sink_sent_total';
/** Labels `sink` and `reason`. */
export const sinkDroppedMetric = 'apm_sink_dropped_total';
/** Label `unit`. */
export const budgetUsedMetric = 'apm_budget_used_ratio';
