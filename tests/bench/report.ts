import type { Chart, Point } from './charts.ts';
import type { Curve } from './curves.ts';
import { type Figure, figureText } from './engines/figures.ts';
import type { GrowthFigure } from './growth.ts';
import type { LoadFigures } from './load.ts';
import type { LogFigure } from './log.ts';
import type { SoakFigures } from './soak.ts';
import type { Estimate } from './statistics.ts';

/** All that one run has measured; a part that was not asked for is not there. */
export interface Report {
  readonly command: string;
  readonly node: string;
  readonly cores: number;
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly rounds: number;
  readonly log?: readonly LogFigure[];
  readonly cases?: Curve;
  readonly entries?: Curve;
  readonly load?: LoadFigures;
  readonly soak?: SoakFigures;
}

/** What the largest size may cost, to the smallest. */
const LIMITS = { cases: 1.25, entries: 1.2 } as const;

/** The report for people. */
export function textOf(report: Report): string {
  const { node, cores, loadBefore, loadAfter, rounds, log, cases, entries, load, soak } = report;
  return [
    `Node ${node}, ${cores} cores, load ${loadBefore.toFixed(1)} before and ${loadAfter.toFixed(1)} after; medians of ${rounds} interleaved rounds (lowest to highest), ratios with 95 % intervals`,
    ...(log ? ['', ...logLines(log)] : []),
    ...(cases ? ['', 'Growth with the number of cases', ...curveLines(cases, 'cases', LIMITS.cases)] : []),
    ...(entries ? ['', 'Growth with the entries of a case', ...curveLines(entries, 'entries', LIMITS.entries)] : []),
    ...(load ? ['', ...loadLines(load)] : []),
    ...(soak ? ['', ...soakLines(soak)] : []),
  ].join('\n');
}

const estimateText = ({ value, low, high }: Estimate, digits = 2): string =>
  `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;

const logLines = (figures: readonly LogFigure[]): readonly string[] => [
  'The embedded log against writing and fdatasync-ing the same bytes (400-byte records)',
  ...figures.map(
    ({ batch, logPerSecond, rawPerSecond, ratio, ratioLowest, ratioHighest }) =>
      `  batches of ${batch}: ${logPerSecond} records/s against ${rawPerSecond}, ratio ${ratio.toFixed(2)} (${ratioLowest.toFixed(2)} to ${ratioHighest.toFixed(2)})`,
  ),
];

function curveLines({ figures, filled }: Curve, unit: string, limit: number): readonly string[] {
  const ratios = (figure: GrowthFigure): readonly (readonly [string, Estimate])[] => [
    ['contact start', figure.startRatio],
    ['interaction', figure.turnRatio],
    ['interactions at once', figure.manyTurnsRatio],
  ];
  const last = figures.at(-1);
  return [
    ...figures.flatMap((figure) => [
      `  ${figure.size} ${unit}`,
      `    contact start to briefing  ${figureText(figure.startMs, 2)} ms, p99 ${figure.startP99Ms.toFixed(2)} ms; ${estimateText(figure.startToFlushes)} times the five flushes on its way`,
      `    interaction to briefing    ${figureText(figure.turnMs, 2)} ms, p99 ${figure.turnP99Ms.toFixed(2)} ms; at once ${figureText(figure.turnsPerSecond, 0)}/s`,
      `    to the smallest            ${ratios(figure)
        .map(([name, ratio]) => `${name} ${estimateText(ratio)}`)
        .join(', ')}`,
    ]),
    ...filled.map(
      ({ size, seconds, openSeconds, bytes }) =>
        `  ${size} ${unit}: filled in ${seconds.toFixed(0)} s, ${(bytes / 1e9).toFixed(2)} GB, opened in ${openSeconds.toFixed(1)} s`,
    ),
    ...(last
      ? ratios(last).map(([name, ratio]) => `  asked ${limit} or less, ${name}: ${verdictOf(ratio, limit)}`)
      : []),
  ];
}

const verdictOf = ({ low, high }: Estimate, limit: number): string =>
  high <= limit ? 'held' : low > limit ? 'missed' : 'not settled by these rounds';

const loadLines = ({ saturationPerSecond, steps }: LoadFigures): readonly string[] => [
  `Contacts that start, say one thing and leave: at most ${estimateText(saturationPerSecond, 0)} per second`,
  ...steps.map(
    ({ share, offeredPerSecond, briefedPerSecond, p50Ms, p99Ms }) =>
      `  ${Math.round(share * 100)} % of it (${offeredPerSecond.toFixed(0)}/s): briefed ${figureText(briefedPerSecond, 0)}/s, p50 ${figureText(p50Ms, 1)} ms, p99 ${figureText(p99Ms, 1)} ms`,
  ),
];

const soakLines = ({ minutes, contacts, samples, slopeMbPerHour }: SoakFigures): readonly string[] => [
  `Soak: ${contacts} contacts in ${minutes.toFixed(0)} minutes; heap ${samples.at(0)?.heapMb.toFixed(1)} MB at first, ${samples.at(-1)?.heapMb.toFixed(1)} MB at last, slope ${estimateText(slopeMbPerHour, 1)} MB per hour`,
];

/** The growth curves by name. */
export function chartsOf({ cases, entries, load, soak }: Report): Readonly<Record<string, Chart>> {
  return {
    ...(cases ? { cases: growthChart(cases, 'cases') } : {}),
    ...(entries ? { entries: growthChart(entries, 'entries of the case') } : {}),
    ...(load ? { load: loadChart(load), latency: latencyChart(load) } : {}),
    ...(soak ? { soak: soakChart(soak) } : {}),
  };
}

const pointAt = (x: number, { median, lowest, highest }: Figure, curve: string): Point => ({
  x,
  y: median,
  low: lowest,
  high: highest,
  curve,
});

const growthChart = ({ figures }: Curve, over: string): Chart => ({
  title: `Median time to a briefing by ${over}`,
  x: { title: over, scale: 'log' },
  y: { title: 'milliseconds' },
  points: figures.flatMap(({ size, startMs, turnMs }) => [
    pointAt(size, startMs, 'contact start'),
    pointAt(size, turnMs, 'interaction'),
  ]),
});

const loadChart = ({ steps }: LoadFigures): Chart => ({
  title: 'Contacts briefed by contacts offered',
  x: { title: 'offered per second', scale: 'linear' },
  y: { title: 'briefed per second' },
  points: steps.map(({ offeredPerSecond, briefedPerSecond }) =>
    pointAt(offeredPerSecond, briefedPerSecond, 'contacts'),
  ),
});

const latencyChart = ({ steps }: LoadFigures): Chart => ({
  title: 'Contact start to briefing by load',
  x: { title: 'share of the saturation', scale: 'linear' },
  y: { title: 'milliseconds' },
  points: steps
    .filter(({ share }) => share < 1)
    .flatMap(({ share, p50Ms, p99Ms }) => [pointAt(share, p50Ms, 'p50'), pointAt(share, p99Ms, 'p99')]),
});

const soakChart = ({ samples }: SoakFigures): Chart => ({
  title: 'Heap after a full collection',
  x: { title: 'minutes', scale: 'linear' },
  y: { title: 'MB' },
  points: samples.map(({ minute, heapMb }) => ({ x: minute, y: heapMb, low: heapMb, high: heapMb, curve: 'heap' })),
});
