import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';

/** Runs under the CPU profiler and writes what it saw; the file opens as a flame graph in the tools that read `.cpuprofile`. */
export async function withFlame<Result>(file: string | undefined, run: () => Promise<Result>): Promise<Result> {
  if (file === undefined) return run();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  try {
    return await run();
  } finally {
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    await writeFile(file, JSON.stringify(profile));
  }
}
