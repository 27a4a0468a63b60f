import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { EnginePorts } from '@throughline/engines/engines';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..');

/** Where the engines of this checkout keep their data, logs and pids. */
export const enginesDirectory = resolve(root, process.env.THROUGHLINE_ENGINES_DIR ?? join('.throughline', 'engines'));

/** Where what is fetched and built is kept, for every checkout. */
export const cacheDirectory = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'throughline', 'engines');

const portsFile = join(enginesDirectory, 'ports.json');
const Ports = z.object({ kafka: z.int(), kafkaController: z.int(), registry: z.int(), mongo: z.int() });

/** Remembers the ports that the engines were started with, for whoever asks for them next. */
export async function keepPorts(ports: EnginePorts): Promise<void> {
  await mkdir(enginesDirectory, { recursive: true });
  await writeFile(portsFile, JSON.stringify(ports));
}

/** The ports of engines that are up; undefined where none were started, or where they were stopped. */
export async function keptPorts(): Promise<EnginePorts | undefined> {
  const text = await readFile(portsFile, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Ports.parse(JSON.parse(text));
}

export const forgetPorts = (): Promise<void> => rm(portsFile, { force: true });
