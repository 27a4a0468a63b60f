import { styleText } from 'node:util';

const COLOURS = ['cyan', 'green', 'yellow', 'magenta', 'blue', 'red', 'cyanBright', 'greenBright'] as const;
const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const NAME_WIDTH = 22;

/** A printer of the lines of one process: its name in front, in a colour of its own where somebody looks at a terminal. */
export function printerOf(name: string, index: number, output: NodeJS.WriteStream): (line: string) => void {
  const colour = COLOURS[index % COLOURS.length] ?? 'cyan';
  const prefix = styleText(colour, name.padEnd(NAME_WIDTH), { stream: output });
  return (line) => output.write(`${prefix} ${readable(line)}\n`);
}

/** A line of JSON as the services log it, in words; any other line as it is. */
export function readable(line: string): string {
  const logged = read(line);
  if (logged === undefined) return line;
  const { level, time, msg, name: _, ...detail } = logged;
  const at = typeof time === 'number' ? new Date(time).toISOString().slice(11, 23) : '';
  const details = Object.entries(detail).map(([key, value]) => `${key}=${wordOf(value)}`);
  return [at, (LEVELS[Number(level)] ?? '').padEnd(5), String(msg), ...details].join(' ').trim();
}

function read(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const logged: Readonly<Record<string, unknown>> = JSON.parse(line);
    return typeof logged.msg === 'string' ? logged : undefined;
  } catch {
    return undefined;
  }
}

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
