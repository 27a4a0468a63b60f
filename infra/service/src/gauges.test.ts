import { openTelemetry } from '@throughline/telemetry/telemetry';
import { expect } from 'chai';
import { showGauges } from './gauges.ts';
import type { Lag, LagMeter } from './lag.ts';

describe('the gauges of a service', () => {
  it('show how far each partition of each group is behind, and who is on, as of when they are read', async () => {
    const lags: Lag[] = [];
    const lag: LagMeter = {
      current: () => lags,
      of: () => undefined,
      busy: () => false,
      look: async () => 0,
      close: async () => undefined,
    };
    let on = 0;
    const clock = { nowMs: () => 0, after: () => () => undefined };
    const { metrics, close } = openTelemetry({ clock, system: 'throughline' });
    showGauges(metrics, lag, [{ contacts: { channel: 'voice', count: () => on } }, {}]);
    lags.push({ group: 'agent', topic: 'case.events.v1', partition: 3, records: 7 });
    on = 2;
    const lines = (await metrics.text()).split('\n');
    expect(lines).to.include('throughline_lag_records{group="agent",topic="case.events.v1",partition="3"} 7');
    expect(lines).to.include('throughline_connections{channel="voice"} 2');
    await close();
  });
});
