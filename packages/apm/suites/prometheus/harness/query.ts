import type { MonitoringService } from '@unite/services/prometheus';

/** Asks a Prometheus for the values of an expression, now. */
export async function query(
  { url }: Pick<MonitoringService, 'url'>,
  expression: string,
): Promise<{ labels: Record<string, string>; value: number }[]> {
  const { result } = await ask<{ metric: Record<string, string>; value: [number, string] }>(
    `${url}/api/v1/query?${new URLSearchParams({ query: expression })}`,
  );
  return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** The traces of exemplars that a Prometheus has stored. */
export async function exemplarTraces(
  { url }: Pick<MonitoringService, 'url'>,
  metric: string,
): Promise<string[]> {
  const nowSeconds = Date.now() / 1_000;
  const parameters = new URLSearchParams({
    query: metric,
    start: `${nowSeconds - 600}`,
    end: `${nowSeconds + 60}`,
  });
  const response = await fetch(`${url}/api/v1/query_exemplars?${parameters}`);
  const { data } = (await response.json()) as {
    data: { exemplars: { labels: { trace_id: string } }[] }[];
  };
  return data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id));
}

async function ask<Item>(url: string): Promise<{ result: Item[] }> {
  const answer = (await (await fetch(url)).json()) as {
    status: string;
    error?: string;
    data: { result: Item[] };
  };
  if (answer.status !== 'success') throw new Error(answer.error);
  return answer.data;
}
