import { readFile } from 'node:fs/promises';
import { type Estimate, medianOf } from '../statistics.ts';
import { type Figure, figureOf, quantile } from './figures.ts';
import { type ContactTimes, type MeshPlace, openMeshPlace } from './mesh-place.ts';
import { pause } from './place.ts';
import { rawTimes } from './raw.ts';

/** All services and engines on this machine, so many cases in the store. Milliseconds. */
export interface MeshFigures {
  readonly cases: number;
  readonly briefingP50Ms: Figure;
  readonly briefingP99Ms: Figure;
  readonly readableP50Ms: Figure;
  readonly readableP99Ms: Figure;
  /** Share of a core that each process took while contacts came. */
  readonly cpu: readonly { readonly name: string; readonly share: number }[];
}

export interface MeshReport {
  /** One mesh alone on the machine. */
  readonly alone: MeshFigures;
  /** Produced and consumed with kafkajs alone, at the same rate and size, while nothing else goes on. */
  readonly rawP99Ms: Figure;
  /** Round by round: acknowledged to readable, over the raw way. */
  readonly readableToRaw: Figure;
  /** Two meshes in turns, with few and with many cases. */
  readonly few: MeshFigures;
  readonly many: MeshFigures;
  /** Round by round, many over few. */
  readonly growth: Readonly<Record<Measure, Estimate>>;
}

const PER_SECOND = 30;
const CONTACTS = 300;
const CASES = { few: 1_000, many: 100_000 } as const;
const AT_ONCE = 20;
/** Two of the engines run on a virtual machine that compiles what it runs often: for minutes it takes more of the processors than what it does. */
const WARM_UP_ROUNDS = 8;

interface Round {
  readonly contacts: readonly ContactTimes[];
  readonly cpu: ReadonlyMap<string, number>;
}

/**
 * First one mesh alone, against kafkajs in the same rounds. Then a second one is started beside it, with many cases in its
 * store, and the two take turns: whichever is not at work idles, so what is left between them is the number of cases.
 */
export async function benchMesh(options: {
  readonly rounds: number;
  readonly tell: (what: string) => void;
  /** Hears of what has to be closed. */
  readonly opened: (place: MeshPlace) => void;
}): Promise<MeshReport> {
  const { rounds, tell } = options;
  const open = async (cases: number): Promise<MeshPlace> => {
    const place = await openMeshPlace({ tell });
    options.opened(place);
    await playCases(place, tell);
    if (cases > CASES.few) tell(`${await place.grow(CASES.few, cases, tell)} rows more`);
    for (let round = 1; round <= WARM_UP_ROUNDS; round += 1) {
      tell(`  warming up, ${round} of ${WARM_UP_ROUNDS}: ${inShort(await playRound(place, round))}`);
    }
    return place;
  };
  const few = await open(CASES.few);
  const alone: Round[] = [];
  const raw: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    tell(`contacts on one mesh: round ${round} of ${rounds}`);
    const played = await playRound(few, round);
    const { brokers } = few.engines.kafka;
    const times = await rawTimes({ brokers, perSecond: PER_SECOND, records: CONTACTS });
    tell(`  ${inShort(played)}; kafkajs alone p99 ${quantile(times, 0.99).toFixed(1)} ms`);
    alone.push(played);
    raw.push(quantile(times, 0.99));
  }
  const many = await open(CASES.many);
  const pairs: { few: Round; many: Round }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    tell(`contacts with few cases and with many: round ${round} of ${rounds}`);
    const taken = new Map<MeshPlace, Round>();
    for (const place of round % 2 === 0 ? [few, many] : [many, few]) taken.set(place, await playRound(place, round));
    const [ofFew, ofMany] = [taken.get(few), taken.get(many)];
    for (const [place, played] of taken) tell(`  ${place === few ? 'few' : 'many'}: ${inShort(played)}`);
    if (ofFew && ofMany) pairs.push({ few: ofFew, many: ofMany });
  }
  return reportOf({ alone, raw, pairs });
}

/** One contact for each of the cases. */
async function playCases(place: MeshPlace, tell: (what: string) => void): Promise<void> {
  let next = 0;
  const playing = Array.from({ length: AT_ONCE }, async () => {
    while (next < CASES.few) {
      next += 1;
      if (next % 100 === 0) tell(`${next} of ${CASES.few} cases`);
      await place.play(`customer-${next}`);
    }
  });
  await Promise.all(playing);
}

/** Contacts come at a steady rate, whatever becomes of those before. */
async function playRound(place: MeshPlace, round: number): Promise<Round> {
  const before = await cpuMsOf(place);
  const startMs = performance.now();
  const contacts: Promise<ContactTimes>[] = [];
  while (contacts.length < CONTACTS) {
    const due = Math.min(CONTACTS, ((performance.now() - startMs) / 1000) * PER_SECOND);
    while (contacts.length < due)
      contacts.push(place.play(`customer-${1 + ((round * 7 + contacts.length) % CASES.few)}`));
    await pause(1);
  }
  const played = await Promise.all(contacts);
  const tookMs = performance.now() - startMs;
  const after = await cpuMsOf(place);
  const cpu = new Map([...after].map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / tookMs]));
  return { contacts: played, cpu };
}

/** What Linux has counted for each process; nothing elsewhere. */
async function cpuMsOf({ pids }: MeshPlace): Promise<ReadonlyMap<string, number>> {
  const read = [...pids].map(async ([name, pid]) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // utime and stime, in hundredths of a second, behind the program's name in brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [name, (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10] as const;
  });
  return new Map(await Promise.all(read));
}

const p = (share: number, pick: (times: ContactTimes) => number) => (round: Round) =>
  quantile(round.contacts.map(pick), share);
const MEASURES = {
  briefingP50: p(0.5, ({ briefingMs }) => briefingMs),
  briefingP99: p(0.99, ({ briefingMs }) => briefingMs),
  readableP50: p(0.5, ({ readableMs }) => readableMs),
  readableP99: p(0.99, ({ readableMs }) => readableMs),
} as const;

type Measure = keyof typeof MEASURES;

/** A round for whoever watches. */
const inShort = (round: Round): string =>
  `briefing p50 ${MEASURES.briefingP50(round).toFixed(1)}, p99 ${MEASURES.briefingP99(round).toFixed(1)}, ` +
  `readable p50 ${MEASURES.readableP50(round).toFixed(1)}, p99 ${MEASURES.readableP99(round).toFixed(1)} ms`;

function reportOf(taken: {
  readonly alone: readonly Round[];
  readonly raw: readonly number[];
  readonly pairs: readonly { few: Round; many: Round }[];
}): MeshReport {
  const { alone, raw, pairs } = taken;
  const grown = (measure: Measure): Estimate =>
    medianOf(pairs.map(({ few, many }) => MEASURES[measure](many) / MEASURES[measure](few)));
  const ofFew = pairs.map(({ few }) => few);
  const ofMany = pairs.map(({ many }) => many);
  return {
    alone: figuresOf(CASES.few, alone),
    rawP99Ms: figureOf(raw),
    readableToRaw: figureOf(alone.map((round, at) => MEASURES.readableP99(round) / (raw[at] ?? Number.NaN))),
    few: figuresOf(CASES.few, ofFew),
    many: figuresOf(CASES.many, ofMany),
    growth: {
      briefingP50: grown('briefingP50'),
      briefingP99: grown('briefingP99'),
      readableP50: grown('readableP50'),
      readableP99: grown('readableP99'),
    },
  };
}

function figuresOf(cases: number, rounds: readonly Round[]): MeshFigures {
  const names = [...(rounds[0]?.cpu.keys() ?? [])];
  const cpu = names.map((name) => ({
    name,
    share: quantile(
      rounds.map((round) => round.cpu.get(name) ?? 0),
      0.5,
    ),
  }));
  return {
    cases,
    briefingP50Ms: figureOf(rounds.map(MEASURES.briefingP50)),
    briefingP99Ms: figureOf(rounds.map(MEASURES.briefingP99)),
    readableP50Ms: figureOf(rounds.map(MEASURES.readableP50)),
    readableP99Ms: figureOf(rounds.map(MEASURES.readableP99)),
    cpu: cpu.sort((left, right) => right.share - left.share),
  };
}
