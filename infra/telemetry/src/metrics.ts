import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every metric of the mesh by name, in one place. Labels are closed sets: never an id, never a protected value. */
export interface Metrics {
  readonly contacts: Counter<'channel' | 'disposition'>;
  readonly briefingSeconds: Histogram<'channel'>;
  readonly withheld: Counter<'sensitivity'>;
  readonly stale: Counter<'reason'>;
  readonly parked: Counter<'processor'>;
  readonly lag: Gauge<'group' | 'topic'>;
  readonly connections: Gauge<'channel'>;
  /** The Prometheus text. */
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    contacts: new Counter({
      name: 'throughline_contacts_total',
      help: 'Contacts briefed for the first time.',
      labelNames: ['channel', 'disposition'],
      registers,
    }),
    briefingSeconds: new Histogram({
      name: 'throughline_contact_briefing_seconds',
      help: 'From the start of a contact to its briefing.',
      labelNames: ['channel'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
      registers,
    }),
    withheld: new Counter({
      name: 'throughline_withheld_total',
      help: 'Items withheld from briefings.',
      labelNames: ['sensitivity'],
      registers,
    }),
    stale: new Counter({
      name: 'throughline_replies_refused_total',
      help: 'Proposed replies that were refused.',
      labelNames: ['reason'],
      registers,
    }),
    parked: new Counter({
      name: 'throughline_parked_total',
      help: 'Records that could not be handled.',
      labelNames: ['processor'],
      registers,
    }),
    lag: new Gauge({
      name: 'throughline_lag_records',
      help: 'Records a group has not handled yet.',
      labelNames: ['group', 'topic'],
      registers,
    }),
    connections: new Gauge({
      name: 'throughline_connections',
      help: 'Contacts that are on.',
      labelNames: ['channel'],
      registers,
    }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
