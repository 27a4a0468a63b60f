import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Reporter } from '@throughline/kernel/ports';
import { type Database, openDatabase } from '@throughline/sqlite/database';
import type { Turn } from './waiting.ts';

/** A data directory of its own for one test, with its database open. */
export interface Place {
  readonly directory: string;
  database(): Database;
  /** Closes the database and opens it again. */
  reopen(): Database;
  /** Closes the database and removes the directory. */
  close(): void;
}

export function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'throughline-'));
}

export function openPlace(directory = newDirectory()): Place {
  let database = openDatabase({ directory });
  return {
    directory,
    database: () => database,
    reopen: () => {
      database.close();
      database = openDatabase({ directory });
      return database;
    },
    close: () => {
      database.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A clock that goes on by itself only as far as `turn` takes it. */
export function steppedClock(): { readonly clock: Clock; readonly turn: Turn } {
  let nowMs = 1_764_000_000_000;
  const waiting = new Set<{ readonly atMs: number; readonly run: () => void }>();
  const clock: Clock = {
    nowMs: () => nowMs,
    after: (delayMs, run) => {
      const entry = { atMs: nowMs + delayMs, run };
      waiting.add(entry);
      return () => waiting.delete(entry);
    },
  };
  const turn = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    nowMs += 25;
    for (const entry of waiting) {
      if (entry.atMs > nowMs) continue;
      waiting.delete(entry);
      entry.run();
    }
  };
  return { clock, turn };
}

/** A reporter that keeps what it is told. */
export function keepingReporter(): Reporter & { readonly said: { event: string; detail: unknown }[] } {
  const said: { event: string; detail: unknown }[] = [];
  const keep = (event: string, detail?: unknown): void => {
    said.push({ event, detail });
  };
  return { said, info: keep, warn: keep, error: keep };
}
