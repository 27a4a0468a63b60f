import { pino } from 'pino';

/** Same shape as the kernel's Reporter; details are ids, codes and counts, never what people said or who they are. */
export interface Logger {
  info(event: string, detail?: Readonly<Record<string, unknown>>): void;
  warn(event: string, detail?: Readonly<Record<string, unknown>>): void;
  error(event: string, detail?: Readonly<Record<string, unknown>>): void;
}

export type Level = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** One JSON line per event on standard error, so that standard output stays for what a person asked for. */
export function createLogger(options: { service: string; level: Level }): Logger {
  const logger = pino(
    { name: options.service, level: options.level, base: null },
    pino.destination({ dest: 2, sync: true }),
  );
  return {
    info: (event, detail = {}) => logger.info(detail, event),
    warn: (event, detail = {}) => logger.warn(detail, event),
    error: (event, detail = {}) => logger.error(detail, event),
  };
}
