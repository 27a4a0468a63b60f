import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '@throughline/kernel/ports';

export const OPERATOR_TOKEN_FILE = 'operator.token';

/** The operators' token: as set, else the one of the data directory, which is made at the first start and only its owner reads. */
export function operatorToken(options: {
  readonly directory: string;
  readonly set: string | undefined;
  readonly random: Random;
}): string {
  if (options.set !== undefined) return options.set;
  const file = join(options.directory, OPERATOR_TOKEN_FILE);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const token = Buffer.from(options.random(24)).toString('base64url');
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}
