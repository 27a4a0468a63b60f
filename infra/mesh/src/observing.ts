import type { Codec } from '@throughline/kernel/envelope';
import type { Closable, Log, LogRecord } from '@throughline/kernel/ports';
import type { CaseEvent } from '@throughline/schemas/generated/messages';
import { CASE_EVENTS } from '@throughline/schemas/topics';
import type { Metrics } from '@throughline/telemetry/metrics';

const COUNTED: ReadonlySet<string> = new Set<CaseEvent['type']>(['ContactBriefed', 'ReplyRefused']);

/** Counts what the events of cases say about how well the mesh does. */
export function observe(options: { log: Log; codec: Codec; metrics: Metrics }): Promise<Closable> {
  const { log, codec, metrics } = options;
  const count = async (record: LogRecord): Promise<void> => {
    await codec.prepare([record]);
    const event = codec.decode(record) as CaseEvent;
    if (event.type === 'ReplyRefused') metrics.stale.inc({ reason: event.body.reason });
    if (event.type !== 'ContactBriefed') return;
    for (const line of event.body.receipt.withheld) metrics.withheld.inc({ sensitivity: line.sensitivity });
    if (event.body.cause === 'joined')
      metrics.contacts.inc({ channel: event.body.channel, disposition: event.body.disposition });
  };
  return log.tail(CASE_EVENTS, (record) => {
    if (COUNTED.has(record.headers.ce_type ?? '')) void count(record).catch(() => undefined);
  });
}
