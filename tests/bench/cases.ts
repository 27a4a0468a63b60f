import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCaseProcessor } from '@throughline/case-state/processor';
import type { Line } from '@throughline/gateway/line';
import { createSwitchboard } from '@throughline/gateway/switchboard';
import { createIdentityProcessor } from '@throughline/identity-resolution/processor';
import { createEdge } from '@throughline/kernel/edge';
import { hostProcessor } from '@throughline/kernel/host';
import { deriveId } from '@throughline/kernel/ids';
import type { Reporter } from '@throughline/kernel/ports';
import { goOn } from '@throughline/kernel/steps';
import { openEngines } from '@throughline/mesh/engines';
import { realClock, realRandom } from '@throughline/platform/world';
import type { ContactStarted, Turn } from '@throughline/schemas/generated/messages';
import { openTelemetry } from '@throughline/telemetry/telemetry';

export interface CaseFigure {
  /** Entries of the case before the round. */
  readonly entries: number;
  /** From the start of a contact to its briefing, milliseconds. */
  readonly briefingP50Ms: number;
  readonly briefingP99Ms: number;
  /** Turns acknowledged and taken, per second, with many under way at once. */
  readonly interactionsPerSecond: number;
}

const SIZES = [10, 10_000];
const CONTACTS_PER_ROUND = 60;
const TURNS_PER_ROUND = 1_000;
/** What one turn leaves in a case: the interaction, that it was taken, the briefing. */
const ENTRIES_PER_TURN = 3;
const AT_ONCE = 100;

const silent: Reporter = { info: () => undefined, warn: () => undefined, error: () => undefined };
const TRACE = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;

/**
 * Contacts and turns on cases of different lengths, through the log, identity-resolution and case-state, as a gateway sees them
 * (no agent: what it says is its own time). Rounds of the sizes take turns, so that a noisy machine disturbs both alike.
 */
export async function benchCases(options: {
  readonly rounds: number;
  readonly onProgress?: (what: string) => void;
}): Promise<readonly CaseFigure[]> {
  const bench = await CaseBench.open();
  try {
    const measured = new Map(SIZES.map((entries) => [entries, { latencies: [] as number[], rates: [] as number[] }]));
    for (let round = 0; round <= options.rounds; round += 1) {
      for (const entries of SIZES) {
        options.onProgress?.(`round ${round} of ${options.rounds}, ${entries} entries`);
        const { latencies, rate } = await bench.round(entries);
        // The first round warms up.
        if (round === 0) continue;
        measured.get(entries)?.latencies.push(...latencies);
        measured.get(entries)?.rates.push(rate);
      }
    }
    return [...measured].map(([entries, { latencies, rates }]) => ({
      entries,
      briefingP50Ms: quantile(latencies, 0.5),
      briefingP99Ms: quantile(latencies, 0.99),
      interactionsPerSecond: quantile(rates, 0.5),
    }));
  } finally {
    await bench.close();
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 100) / 100;
}

class CaseBench {
  readonly #parts: Awaited<ReturnType<typeof openParts>>;
  #made = 0;

  private constructor(parts: Awaited<ReturnType<typeof openParts>>) {
    this.#parts = parts;
  }

  static async open(): Promise<CaseBench> {
    return new CaseBench(await openParts());
  }

  /** A case of its own of this many entries; then contacts that come to it one after the other, then turns as fast as they go. */
  async round(entries: number): Promise<{ latencies: readonly number[]; rate: number }> {
    const customer = `bench-${++this.#made}`;
    const writer = await this.#contact(customer);
    await this.#say(writer.line, Math.floor(entries / ENTRIES_PER_TURN));
    const latencies: number[] = [];
    for (let contact = 0; contact < CONTACTS_PER_ROUND; contact += 1) {
      const { line, latencyMs } = await this.#contact(customer);
      latencies.push(latencyMs);
      line.disconnect();
    }
    const startMs = performance.now();
    await this.#say(writer.line, TURNS_PER_ROUND);
    const rate = TURNS_PER_ROUND / ((performance.now() - startMs) / 1000);
    writer.line.disconnect();
    return { latencies, rate };
  }

  /** Resolves once all are taken by the case; at most `AT_ONCE` are not yet acknowledged. */
  async #say(line: Line, turns: number): Promise<void> {
    for (let done = 0; done < turns; done += AT_ONCE) {
      const batch = Math.min(AT_ONCE, turns - done);
      await Promise.all(Array.from({ length: batch }, () => line.say(this.#turn(line.contactId))));
    }
    await this.#parts.settled();
  }

  #turn(contactId: string): Turn {
    this.#made += 1;
    return {
      inputId: deriveId('inp', contactId, String(this.#made)),
      text: `It is still not here, number ${this.#made}`,
      kind: 'written',
      atMs: realClock.nowMs(),
      codeProofs: [],
      masked: [],
      attachments: [],
    };
  }

  async #contact(externalId: string): Promise<{ line: Line; latencyMs: number }> {
    const contactId = deriveId('ctc', 'bench', String(++this.#made));
    const startMs = performance.now();
    let briefed = (_latencyMs: number): void => undefined;
    const briefing = new Promise<number>((resolve) => {
      briefed = resolve;
    });
    const nothing = (): void => undefined;
    const sink = {
      said: nothing,
      missed: nothing,
      holding: nothing,
      held: nothing,
      home: () => briefed(performance.now() - startMs),
    };
    const line = await this.#parts.switchboard.connect(started(contactId, externalId), TRACE, sink);
    return { line, latencyMs: await briefing };
  }

  close(): Promise<void> {
    return this.#parts.close();
  }
}

const started = (contactId: string, externalId: string): ContactStarted => ({
  contactId,
  channel: 'chat',
  startedMs: realClock.nowMs(),
  connectionId: deriveId('con', contactId),
  route: null,
  answerable: true,
  expectsWords: false,
  region: 'US',
  origin: 'bench',
  originDigits: null,
  evidence: [
    { method: 'host-token', grade: 'proven', identifier: { type: 'account', value: externalId }, seenMs: null },
  ],
  turn: null,
  subjectLine: null,
});

/** The log, the two processors on the way of a turn, and a gateway's switchboard. */
async function openParts() {
  const directory = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
  const engines = await openEngines({
    directory,
    masterKey: undefined,
    clock: realClock,
    random: realRandom,
    reporter: silent,
  });
  // As a mesh has it: what is measured is what runs.
  const telemetry = openTelemetry({ clock: realClock, system: 'throughline' });
  const engine = { ...engines, clock: realClock, reporter: silent, reach: goOn, telemetry };
  const hosts = [
    await hostProcessor({
      ...engine,
      processor: createIdentityProcessor({ brandRegion: 'US', mac: engines.keyring.mac }),
    }),
    await hostProcessor({ ...engine, processor: createCaseProcessor() }),
  ];
  const edge = createEdge({ ...engine, source: 'bench' });
  const switchboard = createSwitchboard({ ...engine, edge, service: 'bench', busy: () => false });
  const groups = [
    ['identity-resolution', 'identity.inputs.v1'],
    ['case-state', 'case.inputs.v1'],
  ] as const;
  const behind = async (): Promise<boolean> => {
    for (const [processor, topic] of groups) {
      const ends = await engines.log.ends(topic);
      for (const [partition, end] of ends.entries()) {
        if (((await engines.store.state({ processor, partition }))?.cursor ?? 0) < end) return true;
      }
    }
    return false;
  };
  return {
    switchboard,
    async settled() {
      while (await behind()) await new Promise((resolve) => setImmediate(resolve));
    },
    async close() {
      await switchboard.close();
      for (const host of hosts) await host.close();
      engines.close();
      await telemetry.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
