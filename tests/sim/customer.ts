import type { Line, Said, Sink, Switchboard } from '@throughline/gateway/line';
import { deriveId } from '@throughline/kernel/ids';
import type { ContactStarted } from '@throughline/schemas/generated/messages';
import type { Canaries } from './canaries.ts';
import { insist } from './mesh.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

/** What a customer did on one contact, as the customer knows it: the model that the oracles judge by. */
export interface Told {
  readonly person: Person;
  readonly contactId: string;
  /** Ids of what was said, in order, once it was acknowledged. */
  readonly acknowledged: string[];
  /** Every text that came to this contact. */
  readonly heard: string[];
}

const TRACE = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const TURNS_MAX = 8;
const THINKING_MAX_MS = 5_000;

/** One contact from its start to its end: says things, says them again when they were not acknowledged, loses its connection. */
export async function playContact(
  world: World,
  canaries: Canaries,
  switchboard: Switchboard,
  told: Told,
): Promise<void> {
  const { contactId, person } = told;
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
      text: `${wishOf(world, person)} ${canaries.mint({ person: person.number, contactId, sensitivity: 'personal' })}`,
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

const WISHES = [
  (order: string) => `Where is my order ${order}?`,
  (order: string) => `Please refund order ${order}, it arrived broken.`,
  (order: string) => `What about my refund for ${order}?`,
  () => 'I want my money back.',
  () => 'Thank you.',
] as const;

function wishOf(world: World, { orders }: Person): string {
  const order = orders[world.below(orders.length)] ?? '';
  return WISHES[world.below(WISHES.length)]?.(order) ?? '';
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

const startOf = (world: World, { contactId, person }: Told, connectionId: string): ContactStarted => ({
  contactId,
  channel: 'chat',
  startedMs: world.clock.nowMs(),
  connectionId,
  route: null,
  answerable: true,
  expectsWords: false,
  region: 'US',
  origin: person.externalId,
  originDigits: null,
  evidence: [
    {
      method: 'host-token',
      grade: 'proven',
      identifier: { type: 'account', value: person.externalId },
      seenMs: null,
    },
  ],
  turn: null,
  subjectLine: null,
});
