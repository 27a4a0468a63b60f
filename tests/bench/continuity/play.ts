import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Stage } from '../../../scripts/demo/stage.ts';
import { seeded } from '../statistics.ts';
import { type Asked, nameOfEffect, RetailBackend } from './backend.ts';
import { type Person, type PlayedContact, playContacts } from './customer.ts';
import { Canaries } from './leaks.ts';
import { createPlanner, type Seen } from './planner.ts';
import { type Script, scriptOf } from './script.ts';
import type { Database, Task, User } from './shop.ts';
import { splitTask } from './split.ts';
import { argumentsOf, parametersOf, useTool } from './tools.ts';
import { Refused } from './writes.ts';

const LOOKS_MAX = 80;
const LOOK_MS = 250;

export interface TaskResult {
  readonly taskId: string;
  readonly contacts: readonly Omit<PlayedContact, 'received'>[];
  /** The database is what the task's actions give when they are applied to it directly. */
  readonly isRight: boolean;
  readonly askedAgain: readonly string[];
  /** Writes that were carried out more often than the task has them, or that it does not have. */
  readonly doubles: readonly string[];
  /** What of other customers came on a channel of this one. */
  readonly leaks: readonly string[];
  readonly writes: number;
  /** Requests beyond the first for a write: the backend had been asked already. */
  readonly retries: number;
  readonly briefings: readonly Omit<Seen, 'taskId'>[];
  /** Why it did not come to its end. */
  readonly problem: string | undefined;
}

export interface Played {
  readonly tasks: readonly TaskResult[];
  /** Requests to the backend that belong to no task, and mails to nobody's address. */
  readonly strays: readonly string[];
  /** Turns that customers said, and turns that the cases have: what the network repeats is taken once. */
  readonly said: number;
  readonly taken: number;
  /** Answers of the backend that were lost after it had acted or was asked. */
  readonly lost: number;
}

export interface PlayOptions {
  readonly database: Database;
  readonly tasks: readonly Task[];
  readonly seed: number;
  /** Customers at once. */
  readonly atOnce: number;
  readonly onDone?: (result: TaskResult) => void;
  /** Who sits in the agent's chair, if not the planner. */
  readonly chair?: typeof createPlanner;
}

/**
 * Plays every task on meshes of their own. Tasks of one customer never share a mesh: in the second the first one's case would
 * be the case that is still remembered.
 */
export async function playTasks(options: PlayOptions): Promise<Played> {
  const scripts = options.tasks.map((task) => scriptOf(task, options.database));
  const played: Played[] = [];
  for (const wave of wavesOf(scripts)) played.push(await playWave(wave, options));
  return {
    tasks: played.flatMap(({ tasks }) => tasks),
    strays: played.flatMap(({ strays }) => strays),
    said: played.reduce((sum, { said }) => sum + said, 0),
    taken: played.reduce((sum, { taken }) => sum + taken, 0),
    lost: played.reduce((sum, { lost }) => sum + lost, 0),
  };
}

function wavesOf(scripts: readonly Script[]): readonly (readonly Script[])[] {
  const waves: Script[][] = [];
  for (const script of scripts) {
    const free = waves.find((wave) => wave.every(({ user }) => user.user_id !== script.user.user_id));
    if (free === undefined) waves.push([script]);
    else free.push(script);
  }
  return waves;
}

async function playWave(scripts: readonly Script[], options: PlayOptions): Promise<Played> {
  const { database, seed, atOnce, onDone, chair = createPlanner } = options;
  const seen: Seen[] = [];
  const backend = await RetailBackend.open(seed);
  const stage = await Stage.open(
    { THROUGHLINE_ACTIONS: backend.actionsFile },
    { model: chair(scripts, (one) => seen.push(one)) },
  );
  try {
    backend.tellLater = async (key, result) => {
      const headers = { 'content-type': 'application/json' };
      await stage.api(`/api/actions/${key}/result`, { method: 'POST', headers, body: JSON.stringify(result) });
    };
    const users = Object.values(database.users);
    const phones = new Map(users.map(({ user_id }, place) => [user_id, phoneNumber(place)]));
    const phoneOf = (userId: string): string => phones.get(userId) ?? '';
    await stage.importCustomers(users.map((user) => customerOf(user, phoneOf(user.user_id))));
    const canaries = new Canaries(database, phoneOf);
    const tasks: TaskResult[] = [];
    const waiting = [...scripts.entries()];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [place, script] = next;
        const otherPhone = phoneNumber(users.length + place);
        const understood = (): Promise<void> => heardOf(seen, script);
        const person = { script, phone: phoneOf(script.user.user_id), otherPhone, understood };
        const result = await playTask({ stage, backend, database, canaries, seen }, person, seed);
        tasks.push(result);
        onDone?.(result);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    const addresses = new Set(scripts.map(({ user }) => user.email));
    const misdirected = stage.mail.raw.flatMap(({ recipients }) => recipients).filter((one) => !addresses.has(one));
    const said = tasks.flatMap(({ contacts }) => contacts).reduce((sum, { turns }) => sum + turns, 0);
    const taken = await turnsTaken(stage, said);
    const strays = [...backend.strays, ...misdirected.map(() => 'a mail to nobody')];
    return { tasks, strays, said, taken, lost: backend.lost };
  } finally {
    await stage.close();
    backend.close();
  }
}

interface Surroundings {
  readonly stage: Stage;
  readonly backend: RetailBackend;
  readonly database: Database;
  readonly canaries: Canaries;
  readonly seen: readonly Seen[];
}

async function playTask(around: Surroundings, person: Person, seed: number): Promise<TaskResult> {
  const { stage, backend, database, canaries, seen } = around;
  const { script } = person;
  const own = structuredClone(database);
  backend.serve(script.user.user_id, own);
  const planned = splitTask(script, seeded(seed + hashOf(script.taskId)));
  const { contacts, problem } = await playContacts(stage, person, planned);
  const received = [...contacts.map((contact) => contact.received), ...mailsTo(stage, script.user.email)].join('\n');
  const asked = [...backend.writes.values()].filter(({ customer }) => customer === script.user.user_id);
  return {
    taskId: script.taskId,
    contacts: contacts.map(({ received: _, ...contact }) => contact),
    isRight: isDeepStrictEqual(own, rightDatabase(database, script)),
    askedAgain: contacts.flatMap(({ askedAgain }) => askedAgain),
    doubles: doublesIn(asked, script),
    leaks: canaries.foreignIn(received, script),
    writes: asked.length,
    retries: asked.reduce((sum, { times }) => sum + times - 1, 0),
    briefings: seen.filter(({ taskId }) => taskId === script.taskId).map(({ given, bytes }) => ({ given, bytes })),
    problem,
  };
}

async function heardOf(seen: readonly Seen[], { taskId }: Script): Promise<void> {
  for (let look = 0; look < LOOKS_MAX && !seen.some((one) => one.taskId === taskId); look += 1) await sleep(LOOK_MS);
}

/** What a thread shows of the provisional case before it stands in that one as well. */
interface Entry {
  readonly type: string;
  readonly segmentOf?: string;
}

/** How many turns the cases have, once those have come that were said last. */
async function turnsTaken(stage: Stage, said: number): Promise<number> {
  let taken = 0;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const cases = await everything<{ caseId: string }>(stage, '/api/cases');
    const threads = await Promise.all(
      cases.map(({ caseId }) => everything<Entry>(stage, `/api/cases/${caseId}/thread`)),
    );
    const own = threads.flat().filter(({ segmentOf }) => segmentOf === undefined);
    taken = own.filter(({ type }) => type === 'InteractionAdded').length;
    if (taken >= said) break;
    await sleep(LOOK_MS);
  }
  return taken;
}

async function everything<Item>(stage: Stage, path: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = `limit=500${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page: { items: Item[]; next: string | null } = await stage.api(`${path}?${query}`);
    items.push(...page.items);
    cursor = page.next;
  }
  return items;
}

/** The task's actions, applied directly. One that is refused changes nothing. */
function rightDatabase(database: Database, script: Script): Database {
  const right = structuredClone(database);
  for (const { name, args } of script.steps) {
    try {
      useTool(right, name, args);
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
    }
  }
  return right;
}

/** More keys for one effect than the task has of it, or more than one doing of a key. */
export function doublesIn(asked: readonly Asked[], script: Script): readonly string[] {
  const wanted = script.steps.filter(({ effect }) => effect === 'write').map((step) => effectKey(script, step));
  const counts = new Map<string, number>();
  for (const { effect, done } of asked) counts.set(effect, (counts.get(effect) ?? 0) + done);
  return [...counts].flatMap(([effect, count]) => {
    const times = wanted.filter((one) => one === effect).length;
    return count > times ? [`${effect}: ${count} instead of ${times}`] : [];
  });
}

const effectKey = ({ user }: Script, { name, args }: Script['steps'][number]): string => {
  const sent = Object.fromEntries(parametersOf(name, args).map((parameter) => [parameter.name, parameter.value]));
  return nameOfEffect(name, argumentsOf(user.user_id, sent));
};

/** The mails to an address as they came, and as a mail program shows them. */
function mailsTo(stage: Stage, address: string): readonly string[] {
  const own = stage.mail.raw.filter(({ recipients }) => recipients.includes(address));
  return own.map(({ bytes, mail }) => `${bytes.toString()}\n${mail.subject ?? ''}\n${mail.text ?? ''}`);
}

const customerOf = ({ user_id, name, email, address }: User, phone: string): unknown => ({
  externalId: user_id,
  name: `${name.first_name} ${name.last_name}`,
  identifiers: [
    { type: 'email', value: email },
    { type: 'phone', value: phone },
  ],
  attributes: { postalCode: address.zip },
  region: 'US',
});

/** Area codes of the United States; with 555-0100 to 555-0199 behind them they are numbers of nobody. */
const AREAS = [201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215];
const NUMBERS_PER_AREA = 100;

function phoneNumber(place: number): string {
  const area = AREAS[Math.floor(place / NUMBERS_PER_AREA)];
  if (area === undefined) throw new Error('There are more customers than numbers that belong to nobody.');
  return `+1${area}55501${String(place % NUMBERS_PER_AREA).padStart(2, '0')}`;
}

const hashOf = (text: string): number =>
  [...text].reduce((hash, character) => (hash * 31 + character.charCodeAt(0)) >>> 0, 7);
