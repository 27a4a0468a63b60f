/** One metric. Labels are closed sets: never an id, never what somebody said. */
export interface Metric {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  /** The same for Prometheus and for OTLP. */
  readonly name: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** Every metric of the mesh; docs/operations.md shows them as they are here. */
export const METRICS = {
  contacts: {
    kind: 'counter',
    name: 'throughline_contacts_total',
    labels: ['channel', 'disposition'],
    help: 'Contacts briefed on joining a case, by what identity decided; one that moves counts in each case.',
  },
  briefing: {
    kind: 'histogram',
    name: 'throughline_contact_briefing_seconds',
    labels: ['channel'],
    help: 'From the start of a contact to its first briefing in the log.',
  },
  handled: {
    kind: 'histogram',
    name: 'throughline_handled_seconds',
    labels: ['group', 'type'],
    help: "From the time of a message, which is that of the channel's input behind it, until the group is done with it.",
  },
  lag: {
    kind: 'gauge',
    name: 'throughline_lag_records',
    labels: ['group', 'topic', 'partition'],
    help: 'Records that a group has not handled yet.',
  },
  parked: {
    kind: 'counter',
    name: 'throughline_parked_total',
    labels: ['group'],
    help: 'Records that could not be handled and wait for a person.',
  },
  fenced: {
    kind: 'counter',
    name: 'throughline_fenced_total',
    labels: ['group'],
    help: 'Commits refused because somebody else owns the partition.',
  },
  refused: {
    kind: 'counter',
    name: 'throughline_replies_refused_total',
    labels: ['reason'],
    help: 'Proposed replies that were refused, stale ones among them.',
  },
  withheld: {
    kind: 'counter',
    name: 'throughline_withheld_total',
    labels: ['sensitivity'],
    help: 'Items withheld from briefings.',
  },
  stepUps: {
    kind: 'counter',
    name: 'throughline_step_ups_total',
    labels: ['outcome'],
    help: 'One-time codes asked for (started, limited), tried and ended.',
  },
  connections: {
    kind: 'gauge',
    name: 'throughline_connections',
    labels: ['channel'],
    help: 'Contacts that are on.',
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;
export type NameOf<Kind extends Metric['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
/** A value for each label of the metric. */
export type LabelsOf<Name extends MetricName> = Readonly<Record<(typeof METRICS)[Name]['labels'][number], string>>;

/** Upper bounds of the histograms' buckets, seconds. */
export const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
