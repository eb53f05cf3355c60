/** Length of a row of `…_usage`. Periods of every time zone begin at a quarter of an hour. */
export const bucketMs = 900_000;

/**
 * SQL for what events come to, by tenant, quarter of an hour, unit, route and model.
 *
 * `counted` is what the limits counted, and has no model. `amount` is the same shared out to the models that the lines
 * of the bill name, so that its sum over a unit's rows is what was counted; or what the lines say, where no limit
 * counted the unit. What was refused is in no sum.
 *
 * @param events a query or a table with the columns of `…_events`
 */
export function usageOf(events: string): string {
  return `
    SELECT event.tenant_id, event.occurred_at_ms / ${bucketMs} * ${bucketMs} AS bucket_at_ms,
      part.unit, event.route, part.model,
      sum(part.counted) AS counted, sum(part.amount) AS amount,
      sum(part.cost_nano_usd) AS cost_nano_usd, sum(part.unpriced)::bigint AS unpriced
    FROM ${events} AS event CROSS JOIN LATERAL (
      SELECT unit COLLATE "C" AS unit, model COLLATE "C" AS model, sum(counted) AS counted, sum(amount) AS amount,
        sum(cost_nano_usd) AS cost_nano_usd, max(unpriced) AS unpriced
      FROM (
        SELECT key AS unit, '' AS model, value::numeric AS counted, value::numeric AS amount,
          0::numeric AS cost_nano_usd, 0 AS unpriced
        FROM jsonb_each_text(event.amounts)
        UNION ALL
        SELECT line->>'unit', coalesce(line->>'model', ''), 0, (line->>'amount')::numeric,
          coalesce((line->>'costNanoUsd')::numeric, 0), (line->>'costNanoUsd' IS NULL)::int
        FROM jsonb_array_elements(event.costs) AS line
        UNION ALL
        SELECT line->>'unit', '', 0, -(line->>'amount')::numeric, 0, 0
        FROM jsonb_array_elements(event.costs) AS line
        WHERE event.amounts ? (line->>'unit')
      ) AS parts
      GROUP BY unit, model
    ) AS part
    WHERE event.kind <> 'refused'
    GROUP BY event.tenant_id, bucket_at_ms, part.unit, event.route, part.model`;
}
