import type { Line, Said, Sink, Switchboard } from '@throughline/gateway/line';
import { deriveId } from '@throughline/kernel/ids';
import type { ContactStarted } from '@throughline/schemas/generated/messages';
import type { World } from './world.ts';

/** What a customer did on one contact, as the customer knows it: the model that the oracles judge by. */
export interface Told {
  readonly customer: number;
  readonly contactId: string;
  /** Ids of what was said, in order, once it was acknowledged. */
  readonly acknowledged: string[];
  /** Every text that came to this contact. */
  readonly heard: string[];
}

const TRACE = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const TURNS_MAX = 8;
const THINKING_MAX_MS = 5_000;
const TRY_AGAIN_MS = 200;

/** Words that only this customer ever says. */
export const canaryOf = (customer: number): string => `canary${customer}bird`;

/** One contact from its start to its end: says things, says them again when they were not acknowledged, loses its connection. */
export async function playContact(world: World, switchboard: Switchboard, told: Told): Promise<void> {
  const { contactId, customer } = told;
  const turns = 1 + world.below(TURNS_MAX);
  let connections = 0;
  const connect = (): Promise<Line> => {
    connections += 1;
    const contact = startOf(world, told, deriveId('con', contactId, String(connections)));
    return insist(world, () => switchboard.connect(contact, TRACE, sinkOf(told)));
  };
  let line = await connect();
  for (let turn = 1; turn <= turns; turn += 1) {
    await world.pause(world.below(THINKING_MAX_MS));
    if (world.chance() < 0.1) {
      line.disconnect();
      line = await connect();
      await insist(world, () => line.resume(null));
    }
    const inputId = deriveId('inp', contactId, String(turn));
    const said = {
      inputId,
      text: `Where is my order? ${canaryOf(customer)} ${turn}`,
      kind: 'written' as const,
      atMs: world.clock.nowMs(),
      codeProofs: [],
      masked: [],
      attachments: [],
    };
    await insist(world, () => line.say(said));
    told.acknowledged.push(inputId);
  }
  if (world.chance() < 0.5) await insist(world, () => line.leave('left'));
  else line.disconnect();
}

async function insist<Answer>(world: World, attempt: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await attempt();
    } catch {
      await world.pause(TRY_AGAIN_MS);
    }
  }
}

function sinkOf(told: Told): Sink {
  const nothing = (): void => undefined;
  const hear = ({ text }: Said): void => void told.heard.push(text);
  return {
    said: hear,
    missed: (frames) => frames.forEach(hear),
    overheard: hear,
    home: nothing,
    holding: nothing,
    held: nothing,
  };
}

const startOf = (world: World, { contactId, customer }: Told, connectionId: string): ContactStarted => ({
  contactId,
  channel: 'chat',
  startedMs: world.clock.nowMs(),
  connectionId,
  route: null,
  answerable: true,
  expectsWords: false,
  region: 'US',
  origin: `person-${customer}`,
  originDigits: null,
  evidence: [
    {
      method: 'host-token',
      grade: 'proven',
      identifier: { type: 'account', value: `person-${customer}` },
      seenMs: null,
    },
  ],
  turn: null,
  subjectLine: null,
});
