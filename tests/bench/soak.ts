import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Tell } from './curves.ts';
import { offer, onPeopledStage } from './load.ts';
import { type Estimate, seeded, slopeOf } from './statistics.ts';

export interface SoakFigures {
  readonly minutes: number;
  readonly contacts: number;
  /** What the heap holds after a full collection. */
  readonly samples: readonly { readonly minute: number; readonly heapMb: number }[];
  /** Of the samples after the first third, in which caches of a bounded size fill. */
  readonly slopeMbPerHour: Estimate;
}

const CONTACTS_PER_SECOND = 60;
const SAMPLES = 60;

/** A steady load, and what stays in memory. */
export async function benchSoak({ ms, tell }: { readonly ms: number; readonly tell: Tell }): Promise<SoakFigures> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return onPeopledStage(tell, async (stage, next) => {
    const random = seeded(1);
    const samples: { minute: number; heapMb: number }[] = [];
    const startMs = performance.now();
    let contacts = 0;
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      tell(`soak: ${contacts} contacts`, sample, SAMPLES);
      const seconds = ms / SAMPLES / 1_000;
      const { latencies } = await offer({ stage, next, perSecond: CONTACTS_PER_SECOND, seconds, random });
      contacts += latencies.length;
      collect();
      const minute = (performance.now() - startMs) / 60_000;
      samples.push({ minute, heapMb: process.memoryUsage().heapUsed / 1e6 });
    }
    const settled = samples.slice(SAMPLES / 3).map(({ minute, heapMb }) => ({ x: minute / 60, y: heapMb }));
    return { minutes: ms / 60_000, contacts, samples, slopeMbPerHour: slopeOf(settled) };
  });
}

/** `90s`, `30m` or `1h` in milliseconds; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,4})([smh])$/.exec(text) ?? [];
  if (number === undefined || unit === undefined || Number(number) === 0) return undefined;
  return Number(number) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}
