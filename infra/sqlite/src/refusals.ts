/** Why the data directory cannot be opened. */
export type DatabaseRefusal =
  | 'database-locked'
  | 'database-newer'
  | 'database-foreign'
  | 'database-corrupt'
  | 'database-unusable';

/** The data directory cannot be opened; the message is one sentence that says what to do. */
export class DatabaseRefused extends Error {
  readonly code: DatabaseRefusal;
  constructor(code: DatabaseRefusal, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DatabaseRefused';
    this.code = code;
  }
}

/** Puts what SQLite says about a file into the words of the person who started the program. */
export function refusalFrom(error: unknown, file: string): DatabaseRefused {
  if (error instanceof DatabaseRefused) return error;
  const sqliteCode = codeOf(error);
  if (sqliteCode.startsWith('SQLITE_BUSY') || sqliteCode.startsWith('SQLITE_LOCKED')) {
    return new DatabaseRefused(
      'database-locked',
      `Another process has ${file} open: stop that one, or set THROUGHLINE_DATA_DIR to another directory.`,
      error,
    );
  }
  if (isCorruption(error)) return corrupt(file, error);
  return new DatabaseRefused(
    'database-unusable',
    `${file} cannot be opened (${sqliteCode || 'unknown reason'}): check that the directory (THROUGHLINE_DATA_DIR) exists, is yours and has room.`,
    error,
  );
}

/** What SQLite says of a file that is not what it wrote; `ERROR` and `CONSTRAINT`: its tables are not those that were made. */
const CORRUPTION = ['SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_ERROR', 'SQLITE_CONSTRAINT', 'SQLITE_MISMATCH'];

/** Whether this is what SQLite says of a damaged file. */
export const isCorruption = (error: unknown): boolean => CORRUPTION.some((code) => codeOf(error).startsWith(code));

/** The file is there and is not what was written. */
export function corrupt(file: string, cause?: unknown): DatabaseRefused {
  return new DatabaseRefused(
    'database-corrupt',
    `${file} is damaged or is not a database: put back a copy of the data directory from a backup.`,
    cause,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
