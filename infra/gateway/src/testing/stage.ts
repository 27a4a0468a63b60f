import { createEdge } from '@throughline/kernel/edge';
import type { Reporter } from '@throughline/kernel/ports';
import type { ContactStarted, Turn } from '@throughline/schemas/generated/messages';
import type { Home, Said, Sink, Switchboard } from '../line.ts';
import { createSwitchboard } from '../switchboard.ts';
import { CaseDouble } from './case-double.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryLog, plainCodec, plainKeyring } from './memory-log.ts';

/** A switchboard with everything around it played by doubles. */
export class Stage {
  readonly log = new MemoryLog();
  readonly clock = new FakeClock();
  readonly cases = new CaseDouble(this.log);
  /** What was reported, as `error case-entries-missing`. */
  readonly reports: string[] = [];
  busy = false;
  readonly switchboard: Switchboard = this.another();

  /** One more gateway on the same log. */
  another(): Switchboard {
    const note = (level: string) => (event: string) => void this.reports.push(`${level} ${event}`);
    const reporter: Reporter = { info: note('info'), warn: note('warn'), error: note('error') };
    const { log, clock } = this;
    const edge = createEdge({ log, codec: plainCodec, keyring: plainKeyring, source: 'test-gateway' });
    const ends = { log, codec: plainCodec, keyring: plainKeyring, edge };
    return createSwitchboard({ ...ends, clock, reporter, service: 'test-gateway', busy: () => this.busy });
  }
}

/** A channel that writes down what it is given. */
export class RecordingSink implements Sink {
  readonly heard: Said[] = [];
  readonly homes: Home[] = [];
  /** In order: `said …`, `missed …`, `overheard …`, `holding`, `held`, `unasked`, `elsewhere`, `ended …`. */
  readonly events: string[] = [];

  said(said: Said): void {
    this.heard.push(said);
    this.events.push(`said ${said.text}`);
  }
  missed(frames: readonly Said[]): void {
    this.heard.push(...frames);
    this.events.push(`missed ${frames.map((frame) => frame.text).join(' | ')}`);
  }
  overheard(said: Said): void {
    this.events.push(`overheard ${said.text}`);
  }
  home(home: Home): void {
    this.homes.push(home);
  }
  holding(): void {
    this.events.push('holding');
  }
  held(): void {
    this.events.push('held');
  }
  unasked(): void {
    this.events.push('unasked');
  }
  elsewhere(): void {
    this.events.push('elsewhere');
  }
  ended(reason: string): void {
    this.events.push(`ended ${reason}`);
  }
}

export function chatContact(
  contactId: string,
  connectionId: string,
  change: Partial<ContactStarted> = {},
): ContactStarted {
  return {
    contactId,
    channel: 'chat',
    startedMs: 0,
    connectionId,
    route: null,
    answerable: true,
    expectsWords: false,
    region: null,
    origin: 'origin',
    originDigits: null,
    evidence: [],
    turn: null,
    subjectLine: null,
    ...change,
  };
}

export function turnOf(text: string, inputId = `inp_${text}`): Turn {
  return { inputId, text, kind: 'written', atMs: 0, codeProofs: [], masked: [], attachments: [] };
}

/** Goes on as soon as the condition holds; fails, naming it, where it does not come to hold. */
export async function until(condition: string, holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 200_000; turns += 1) {
    if (holds()) return;
    await loopTurn();
  }
  throw new Error(`It did not come about that ${condition}.`);
}

/** Gives what must not happen a fair chance to happen. */
export async function aWhile(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await loopTurn();
}

const loopTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
