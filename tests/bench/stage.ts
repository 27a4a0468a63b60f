import { randomUUID } from 'node:crypto';
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
import { CASE_EVENTS } from '@throughline/schemas/topics';
import { openTelemetry } from '@throughline/telemetry/telemetry';

/** A bench whose figures come with errors is void. */
const outspoken: Reporter = {
  info: () => undefined,
  warn: () => undefined,
  error: (event, detail) => console.error(event, JSON.stringify(detail ?? {})),
};
const TRACE = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const BRIEFED_WITHIN_MS = 60_000;
const GROUPS = [
  ['identity-resolution', 'identity.inputs.v1'],
  ['case-state', 'case.inputs.v1'],
] as const;

/** A contact that is on and has been briefed. */
export interface OnLine {
  readonly line: Line;
  readonly caseId: string;
  /** From asking for the contact to its briefing. */
  readonly latencyMs: number;
}

/**
 * The way of a turn, as a gateway sees it: the log, identity-resolution, case-state and a switchboard, with the telemetry of a
 * mesh. No agent (what it says is its own time) and no audit.
 */
export class Stage {
  readonly #parts: Awaited<ReturnType<typeof openParts>>;
  readonly #run = randomUUID();
  readonly #awaited = new Map<string, () => void>();
  #made = 0;

  private constructor(parts: Awaited<ReturnType<typeof openParts>>) {
    this.#parts = parts;
  }

  static async open(directory: string): Promise<Stage> {
    const parts = await openParts(directory);
    const stage = new Stage(parts);
    await parts.engines.log.tail(CASE_EVENTS, ({ key, headers }) => {
      if (headers.ce_type === 'ContactBriefed') stage.#awaited.get(key)?.();
    });
    return stage;
  }

  /** Puts a customer of the host site on a chat contact; resolves once it is briefed. */
  start(externalId: string, contactId = deriveId('ctc', this.#run, String(++this.#made))): Promise<OnLine> {
    const startMs = performance.now();
    return within(`the briefing of ${contactId}`, (resolve, reject) => {
      const nothing = (): void => undefined;
      let latencyMs = 0;
      let line: Line | undefined;
      const tell = (): void => {
        const caseId = line?.home()?.caseId;
        if (line !== undefined && caseId !== undefined && latencyMs > 0) resolve({ line, caseId, latencyMs });
      };
      const home = (): void => {
        latencyMs ||= performance.now() - startMs;
        tell();
      };
      const sink = { said: nothing, missed: nothing, holding: nothing, held: nothing, home };
      this.#parts.switchboard.connect(startedOf(contactId, externalId), TRACE, sink).then((connected) => {
        line = connected;
        tell();
      }, reject);
    });
  }

  /** Says one thing; resolves to the milliseconds until the case has briefed on it. One at a time per case. */
  async interact({ line, caseId }: OnLine): Promise<number> {
    const startMs = performance.now();
    const briefed = within<number>(`the briefing of ${caseId} on a turn`, (resolve) => {
      this.#awaited.set(caseId, () => resolve(performance.now() - startMs));
    });
    await line.say(turnOf(++this.#made));
    const latencyMs = await briefed;
    this.#awaited.delete(caseId);
    return latencyMs;
  }

  /** Says so many things at once; resolves when the log has them. */
  async say(line: Line, turns: number): Promise<void> {
    await Promise.all(Array.from({ length: turns }, () => line.say(turnOf(++this.#made))));
  }

  /** Resolves once everything in the log has been handled. */
  async settled(): Promise<void> {
    while (await this.#behind()) await new Promise((resolve) => setImmediate(resolve));
  }

  async #behind(): Promise<boolean> {
    const { log, store } = this.#parts.engines;
    for (const [processor, topic] of GROUPS) {
      for (const [partition, end] of (await log.ends(topic)).entries()) {
        if (((await store.state({ processor, partition }))?.cursor ?? 0) < end) return true;
      }
    }
    return false;
  }

  async close(): Promise<void> {
    const { switchboard, hosts, engines, telemetry } = this.#parts;
    await switchboard.close();
    for (const host of hosts) await host.close();
    engines.close();
    await telemetry.close();
  }
}

function within<Result>(
  what: string,
  run: (resolve: (result: Result) => void, reject: (error: unknown) => void) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`The bench waited in vain for ${what}.`)), BRIEFED_WITHIN_MS);
    run((result) => {
      clearTimeout(late);
      resolve(result);
    }, reject);
  });
}

const turnOf = (number: number): Turn => ({
  inputId: deriveId('inp', String(number)),
  text: `It is still not here, number ${number}`,
  kind: 'written',
  atMs: realClock.nowMs(),
  codeProofs: [],
  masked: [],
  attachments: [],
});

export const connectionIdOf = (contactId: string): string => deriveId('con', contactId);

/** A customer who is logged in comes by chat. */
export const startedOf = (contactId: string, externalId: string): ContactStarted => ({
  contactId,
  channel: 'chat',
  startedMs: realClock.nowMs(),
  connectionId: connectionIdOf(contactId),
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

async function openParts(directory: string) {
  const engines = await openEngines({
    directory,
    masterKey: undefined,
    clock: realClock,
    random: realRandom,
    reporter: outspoken,
  });
  const telemetry = openTelemetry({ clock: realClock, system: 'throughline' });
  const engine = { ...engines, clock: realClock, reporter: outspoken, reach: goOn, telemetry };
  const identity = createIdentityProcessor({ brandRegion: 'US', mac: engines.keyring.mac });
  const hosts = [
    await hostProcessor({ ...engine, processor: identity }),
    await hostProcessor({ ...engine, processor: createCaseProcessor() }),
  ];
  const edge = createEdge({ ...engine, source: 'bench' });
  const switchboard = createSwitchboard({ ...engine, edge, service: 'bench', busy: () => false });
  return { engines, telemetry, hosts, switchboard };
}
