import type { Database as Connection } from 'better-sqlite3';

/** Runs a piece of work inside the next transaction; see `Database.write`. */
export type Write = <T>(run: () => T, undone?: () => void) => Promise<T>;

interface Job {
  run(): void;
  undone(): void;
  settle(failure?: { readonly error: unknown }): void;
}

/**
 * Group commit: whatever asks to be written in one turn of the event loop shares one transaction and one flush to
 * the disk, in the order in which it asked. A piece that throws is taken back alone; the others are committed.
 */
export function createGroupCommit(connection: Connection): { write: Write; flush(): void } {
  const statement = {
    begin: connection.prepare('BEGIN IMMEDIATE'),
    commit: connection.prepare('COMMIT'),
    rollback: connection.prepare('ROLLBACK'),
    mark: connection.prepare('SAVEPOINT piece'),
    keep: connection.prepare('RELEASE piece'),
    back: connection.prepare('ROLLBACK TO piece'),
  };
  let waiting: Job[] = [];

  /** Runs one job so that its failure leaves the others of the transaction alone. Returns what it failed with. */
  function runApart(job: Job): { readonly error: unknown } | undefined {
    statement.mark.run();
    try {
      job.run();
      statement.keep.run();
      return undefined;
    } catch (error) {
      // A full or failing disk makes SQLite end the transaction by itself; then all of it is lost, not only this piece.
      if (!connection.inTransaction) throw error;
      statement.back.run();
      statement.keep.run();
      job.undone();
      return { error };
    }
  }

  function flush(): void {
    const jobs = waiting;
    waiting = [];
    if (jobs.length === 0) return;
    const failures = new Map<Job, { readonly error: unknown }>();
    try {
      statement.begin.run();
      const [only] = jobs;
      // A savepoint for a job that is alone in its transaction would protect nobody.
      if (jobs.length === 1 && only !== undefined) only.run();
      else {
        for (const job of jobs) {
          const failure = runApart(job);
          if (failure !== undefined) failures.set(job, failure);
        }
      }
      statement.commit.run();
    } catch (error) {
      if (connection.open && connection.inTransaction) statement.rollback.run();
      for (const job of jobs) job.undone();
      for (const job of jobs) job.settle(failures.get(job) ?? { error });
      return;
    }
    for (const job of jobs) job.settle(failures.get(job));
  }

  function write<T>(run: () => T, undone?: () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: { readonly value: T } | undefined;
      waiting.push({
        run: () => {
          result = { value: run() };
        },
        undone: () => undone?.(),
        settle: (failure) => {
          if (failure === undefined && result !== undefined) resolve(result.value);
          else reject(failure?.error);
        },
      });
      if (waiting.length === 1) setImmediate(flush);
    });
  }

  return { write, flush };
}
