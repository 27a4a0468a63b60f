import { type Profiler, Session } from 'node:inspector/promises';

/** What a profile shows of one function: the share of the time in which it was itself at work. */
export interface SelfTime {
  readonly share: number;
  readonly name: string;
}

const LINES = 25;

/** Runs something under the CPU profiler of this process; the functions that took the most time themselves come first. */
export async function profiled<Result>(
  run: () => Promise<Result>,
): Promise<{ result: Result; top: readonly SelfTime[] }> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  try {
    const result = await run();
    const { profile } = await session.post('Profiler.stop');
    return { result, top: topOf(profile) };
  } finally {
    session.disconnect();
  }
}

function topOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): readonly SelfTime[] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`,
    ]),
  );
  const selfUs = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    selfUs.set(name, (selfUs.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const allUs = timeDeltas.reduce((sum, deltaUs) => sum + deltaUs, 0);
  return [...selfUs]
    .sort(([, left], [, right]) => right - left)
    .slice(0, LINES)
    .map(([name, us]) => ({ name, share: us / allUs }));
}
