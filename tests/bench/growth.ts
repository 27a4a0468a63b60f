import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, figureOf, quantile } from './engines/figures.ts';
import type { OnLine, Stage } from './stage.ts';
import { type Estimate, medianOf, middleOf } from './statistics.ts';

/** One size on a growth curve. */
export interface Contestant {
  readonly size: number;
  readonly stage: Stage;
  /** The customer who comes next; each has one live case of this size. */
  next(): string;
}

/** What contacts and turns cost at one size, and how that compares with the first size in the same round. */
export interface GrowthFigure {
  readonly size: number;
  /** From asking for a contact to its briefing, and from a turn to the briefing on it: medians of the rounds, milliseconds. */
  readonly startMs: Figure;
  readonly startP99Ms: number;
  readonly turnMs: Figure;
  readonly turnP99Ms: number;
  readonly turnsPerSecond: Figure;
  /** To the first size, round by round; for turns at once, the time that one takes. */
  readonly startRatio: Estimate;
  readonly turnRatio: Estimate;
  readonly manyTurnsRatio: Estimate;
  /** To the flushes that stand one behind another on the way to a briefing, made on a bare file in the same round. */
  readonly startToFlushes: Estimate;
}

export interface GrowthOptions {
  readonly rounds: number;
  /** Contacts, one after the other, of each size in each round. */
  readonly visits: number;
  /** Where the bare file is. */
  readonly directory: string;
  readonly onRound: (done: number, of: number) => void;
}

/** Contact's start appended; identity's unit committed and its join appended; the case's unit committed and its briefing appended. */
const FLUSHES = 5;
const FLUSH_BYTES = 2_000;
const BURST = { contacts: 40, turnsEach: 5 } as const;

interface Round {
  readonly starts: number[];
  readonly turns: number[];
  turnsPerSecond: number;
}

/** Rounds in which the sizes take turns contact by contact, so that a noisy machine disturbs all alike. The first warms up. */
export async function measureGrowth(
  contestants: readonly Contestant[],
  { rounds, visits, directory, onRound }: GrowthOptions,
): Promise<readonly GrowthFigure[]> {
  const taken = new Map(contestants.map((contestant) => [contestant, [] as Round[]]));
  const flushes: number[] = [];
  const file = openSync(join(directory, 'flushes'), 'w');
  for (let round = 0; round <= rounds; round += 1) {
    onRound(round, rounds + 1);
    const of = new Map(contestants.map((one) => [one, { starts: [], turns: [], turnsPerSecond: 0 } as Round]));
    const flushed: number[] = [];
    for (let visit = 0; visit < visits; visit += 1) {
      flushed.push(flushesMs(file));
      for (const [contestant, figures] of rotated([...of], visit)) await visitOne(contestant, figures);
    }
    for (const [contestant, figures] of rotated([...of], round)) figures.turnsPerSecond = await burst(contestant);
    if (round === 0) continue;
    flushes.push(middleOf(flushed));
    for (const [contestant, figures] of of) taken.get(contestant)?.push(figures);
  }
  closeSync(file);
  onRound(rounds + 1, rounds + 1);
  const [first = []] = taken.values();
  return [...taken].map(([{ size }, own]) => figureFrom(size, own, first, flushes));
}

async function visitOne({ stage, next }: Contestant, figures: Round): Promise<void> {
  const contact = await stage.start(next());
  figures.starts.push(contact.latencyMs);
  figures.turns.push(await stage.interact(contact));
  await contact.line.leave('done');
  await stage.settled();
}

/** Turns of many contacts at once, until all are taken; turns per second. */
async function burst({ stage, next }: Contestant): Promise<number> {
  const contacts: OnLine[] = [];
  for (let count = 0; count < BURST.contacts; count += 1) contacts.push(await stage.start(next()));
  await stage.settled();
  const startMs = performance.now();
  await Promise.all(contacts.map(({ line }) => stage.say(line, BURST.turnsEach)));
  await stage.settled();
  const seconds = (performance.now() - startMs) / 1_000;
  await Promise.all(contacts.map(({ line }) => line.leave('done')));
  await stage.settled();
  return (BURST.contacts * BURST.turnsEach) / seconds;
}

function flushesMs(file: number): number {
  const startMs = performance.now();
  for (let flush = 0; flush < FLUSHES; flush += 1) {
    writeSync(file, Buffer.alloc(FLUSH_BYTES, 'x'));
    fdatasyncSync(file);
  }
  return performance.now() - startMs;
}

const rotated = <Item>(items: readonly Item[], by: number): readonly Item[] => [
  ...items.slice(by % items.length),
  ...items.slice(0, by % items.length),
];

function figureFrom(
  size: number,
  own: readonly Round[],
  first: readonly Round[],
  flushes: readonly number[],
): GrowthFigure {
  const against = (of: (round: Round) => number): Estimate =>
    medianOf(own.map((round, index) => of(round) / of(first[index] ?? round)));
  const startOf = ({ starts }: Round): number => middleOf(starts);
  const turnOf = ({ turns }: Round): number => middleOf(turns);
  return {
    size,
    startMs: figureOf(own.map(startOf)),
    startP99Ms: quantile(
      own.flatMap(({ starts }) => starts),
      0.99,
    ),
    turnMs: figureOf(own.map(turnOf)),
    turnP99Ms: quantile(
      own.flatMap(({ turns }) => turns),
      0.99,
    ),
    turnsPerSecond: figureOf(own.map(({ turnsPerSecond }) => turnsPerSecond)),
    startRatio: against(startOf),
    turnRatio: against(turnOf),
    manyTurnsRatio: against(({ turnsPerSecond }) => 1 / turnsPerSecond),
    startToFlushes: medianOf(own.map((round, index) => startOf(round) / (flushes[index] ?? Number.NaN))),
  };
}
