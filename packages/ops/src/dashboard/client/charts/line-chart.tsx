import { useId } from 'preact/hooks';
import { ChartTable } from './chart-table';
import { labelPlaces } from './label-places';
import { linePath, type Point, type Scale } from './line-path';
import { niceTop } from './nice-top';

export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
}

export interface LineChartProps {
  readonly title: string;
  /** At most four, each drawn in its own way. */
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly fromMs: number;
  readonly toMs: number;
  /** The axis reaches at least so far. */
  readonly atLeast?: number;
  /** What should not be exceeded: a dashed line with its label. */
  readonly limit?: { readonly value: number; readonly label: string } | undefined;
  /** What began when: vertical lines. */
  readonly events: readonly { readonly atMs: number; readonly label: string }[];
}

/** In percent of the height, so that two lines of text fit. */
const labelApart = 26;

/** Lines over time, labelled at their ends, and the same as a table. */
export function LineChart(props: LineChartProps) {
  const { title, series, format, fromMs, toMs, atLeast = 1, limit, events } = props;
  const id = useId();
  const values = series.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []));
  const top = niceTop(Math.max(atLeast, limit ? limit.value * 1.1 : 0, ...values));
  const scale = { fromMs, toMs, top };
  const shownEvents = events.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  return (
    <figure class="panel chart" aria-labelledby={id}>
      <figcaption id={id}>{title}</figcaption>
      <div class="plot" aria-hidden="true">
        <svg class="lines" aria-hidden="true" viewBox="0 0 100 100" preserveAspectRatio="none">
          <path class="grid" d="M0 0H100M0 50H100M0 100H100" />
          {limit && <path class="limit" d={`M0 ${heightOf(limit.value, scale)}H100`} />}
          {shownEvents.map(({ atMs }) => (
            <path key={atMs} class="event" d={`M${sideOf(atMs, scale)} 0V100`} />
          ))}
          {series.map(({ label, points }, index) => (
            <path key={label} class={`line series-${index + 1}`} d={linePath(points, scale)} />
          ))}
        </svg>
        <PlotTexts scale={scale} format={format} limit={limit} events={shownEvents} />
        <LineEnds series={series} scale={scale} format={format} />
      </div>
      <p class="axis meta" aria-hidden="true">
        <span>5 min ago</span>
        <span>now</span>
      </p>
      <ChartTable title={title} series={series} format={format} />
    </figure>
  );
}

function PlotTexts(props: { readonly scale: Scale } & Pick<LineChartProps, 'format' | 'limit' | 'events'>) {
  const { scale, format, limit, events } = props;
  return (
    <svg class="texts" aria-hidden="true">
      <text x="0" y="12">
        {format(scale.top)}
      </text>
      {limit && (
        <text x="100%" y={`${heightOf(limit.value, scale)}%`} dy="-4" text-anchor="end">
          {limit.label}
        </text>
      )}
      {events.map(({ atMs, label }) => (
        <text
          key={atMs}
          x={`${sideOf(atMs, scale)}%`}
          dx={sideOf(atMs, scale) > 60 ? -4 : 4}
          y="28"
          text-anchor={sideOf(atMs, scale) > 60 ? 'end' : 'start'}
        >
          {label}
        </text>
      ))}
    </svg>
  );
}

function LineEnds({
  series,
  scale,
  format,
}: {
  readonly series: readonly Series[];
  readonly scale: Scale;
  readonly format: LineChartProps['format'];
}) {
  const last = series.map(({ points }) => points.findLast(({ value }) => value !== null)?.value ?? null);
  const places = labelPlaces(
    last.map((value) => heightOf(value ?? 0, scale)),
    labelApart,
  );
  return (
    <svg class="ends" aria-hidden="true">
      {series.map(({ label }, index) => (
        <g key={label}>
          <line
            class={`line series-${index + 1}`}
            x1="0"
            x2="14"
            y1={`${places[index]}%`}
            y2={`${places[index]}%`}
          />
          <text class="end-value" x="20" y={`${places[index]}%`} dy="-1">
            {valueText(last[index], format)}
          </text>
          <text x="20" y={`${places[index]}%`} dy="13">
            {label}
          </text>
        </g>
      ))}
    </svg>
  );
}

function valueText(value: number | null | undefined, format: LineChartProps['format']): string {
  return value === null || value === undefined ? '–' : format(value);
}

function heightOf(value: number, { top }: Scale): number {
  return 100 - (Math.min(value, top) / top) * 100;
}

function sideOf(atMs: number, { fromMs, toMs }: Scale): number {
  return ((atMs - fromMs) / (toMs - fromMs)) * 100;
}
