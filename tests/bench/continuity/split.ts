import type { Script } from './script.ts';
import { assuranceOf } from './tools.ts';

/** How somebody gets in touch: logged in on the site, from the number on file, from another number, by mail. */
export type Way = 'chat' | 'call' | 'strange-call' | 'mail';

/** One of the contacts that a task is split over. */
export interface PlannedContact {
  readonly way: Way;
  /** The last step that it says yes to; at the question for the next it leaves. */
  readonly confirmsUpTo: number;
  /** Says what it wants and is gone before anybody answers. */
  readonly leavesAtOnce: boolean;
  /** Stays on where something is under way; the others leave it to the next contact to hear how it went. */
  readonly waits: boolean;
  /** Comes while the contact before it is still on. */
  readonly overlaps: boolean;
  /** Its first yes is said on the contact before it as well, at the same time. */
  readonly isEchoed: boolean;
  /** What the network delivers twice: every turn and every webhook, and the first turn once more after newer ones. */
  readonly isRepeated: boolean;
  /** How long after the contact before it, milliseconds. */
  readonly delayMs: number;
}

type Random = () => number;

const CHANNELS: Readonly<Record<Way, 'chat' | 'voice' | 'email'>> = {
  chat: 'chat',
  call: 'voice',
  'strange-call': 'voice',
  mail: 'email',
};
const DELAY_MS_MIN = 300;
const DELAY_MS_SPREAD = 1_500;

/** Splits a task over two or three contacts on channels that change, one of them from a number that is not on file. */
export function splitTask(script: Script, random: Random): readonly PlannedContact[] {
  const levels = script.steps.filter(({ ask }) => ask > 0).map(({ name }) => assuranceOf(name));
  const ways = waysOf(
    levels.every((level) => level === 1),
    random,
  );
  const contacts: PlannedContact[] = [];
  for (const [place, way] of ways.entries()) {
    const former = contacts.at(-1);
    const isLast = place === ways.length - 1;
    const from = former?.confirmsUpTo ?? 0;
    const leavesAtOnce = place === 0 && (way === 'chat' || way === 'call') && random() < 0.25;
    const drawn = leavesAtOnce ? 0 : Math.floor(random() * levels.length);
    const wished = isLast ? levels.length : Math.max(from, drawn);
    const isOn = former !== undefined && former.way !== 'mail' && !former.leavesAtOnce;
    const overlaps = isOn && random() < 0.4;
    contacts.push({
      way,
      confirmsUpTo: way === 'mail' ? reachedByMail(levels, from, wished) : wished,
      leavesAtOnce,
      waits: isLast || wished > from + 1 || random() < 0.5,
      overlaps,
      // A call from the number on file has not proven enough for every step.
      isEchoed: overlaps && former?.way !== 'call' && way !== 'mail' && random() < 0.5,
      isRepeated: random() < 0.7,
      delayMs: overlaps ? 0 : DELAY_MS_MIN + Math.floor(random() * DELAY_MS_SPREAD),
    });
  }
  return contacts;
}

/** A mail proves possession of an address and no more. */
function reachedByMail(levels: readonly number[], from: number, wished: number): number {
  const stop = levels.findIndex((level, at) => at >= from && level > 1);
  return stop < 0 ? wished : Math.min(wished, stop);
}

function waysOf(mayEndByMail: boolean, random: Random): readonly Way[] {
  const count = random() < 0.5 ? 2 : 3;
  const strange = Math.floor(random() * count);
  const ways: Way[] = [];
  for (let place = 0; place < count; place += 1) {
    if (place === strange) {
      ways.push('strange-call');
      continue;
    }
    const before = ways.at(-1);
    const possible = (['chat', 'call', 'mail'] as const).filter((way) => {
      const isNew = before === undefined || CHANNELS[before] !== CHANNELS[way];
      const isBesideStrange = place + 1 === strange && CHANNELS[way] === 'voice';
      return isNew && !isBesideStrange && (way !== 'mail' || mayEndByMail || place < count - 1);
    });
    ways.push(possible[Math.floor(random() * possible.length)] ?? 'chat');
  }
  return ways;
}
