import { spawn } from 'node:child_process';

/** Tells a person which step begins. A step may take minutes where something is fetched for the first time. */
export type Progress = (step: string) => void;

const JAVA_VERSION_MIN = 17;

/** What the engines need of the machine, and what a person installs to have it. */
export const PROGRAMS = {
  java: { look: ['-version'], install: `a Java Development Kit, version ${JAVA_VERSION_MIN} or newer` },
  javac: { look: ['-version'], install: `a Java Development Kit, version ${JAVA_VERSION_MIN} or newer` },
  mvn: { look: ['--version'], install: 'Apache Maven 3.6 or newer' },
  go: { look: ['version'], install: 'Go 1.24 or newer' },
} as const;

export type Program = keyof typeof PROGRAMS;

/** One sentence for each program that is not there or too old; empty where all is well. */
export async function missingPrograms(
  programs: readonly Program[] = ['java', 'javac', 'mvn', 'go'],
): Promise<readonly string[]> {
  const found = await Promise.all(programs.map(whatIsWrongWith));
  return [...new Set(found.filter((problem) => problem !== undefined))];
}

async function whatIsWrongWith(program: Program): Promise<string | undefined> {
  const { look, install } = PROGRAMS[program];
  const answer = await run(program, look).catch(() => undefined);
  if (answer === undefined) return absence(program);
  const java = program === 'java' ? /version "(\d+)/.exec(answer)?.[1] : undefined;
  return java !== undefined && Number(java) < JAVA_VERSION_MIN
    ? `\`java\` is version ${java}: install ${install}.`
    : undefined;
}

/** What to say of a program that could not be started. */
export const absence = (program: string): string =>
  `\`${program}\` does not run on this machine${isKnown(program) ? `: install ${PROGRAMS[program].install}` : ''}.`;

const isKnown = (program: string): program is Program => Object.hasOwn(PROGRAMS, program);

/** Runs a program to its end and gives what it printed. Rejects with the end of that where it fails. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(cwd === undefined ? {} : { cwd }) });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', () => reject(new Error(absence(program)))).on('close', resolve);
  });
  if (code !== 0) throw new Error(`\`${program} ${args[0] ?? ''}\` failed:\n${lastLines(printed)}`);
  return printed;
}

/** The end of an output: where programs say what went wrong. */
export const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-15).join('\n');
