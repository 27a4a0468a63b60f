import type { Clock } from '@throughline/kernel/ports';
import type { Schemas } from '@throughline/schemas/load';
import { connectRegistry } from './registry-client.ts';
import { subjectsOf } from './subjects.ts';

export interface Published {
  readonly subject: string;
  readonly id: number;
  /** It was not registered before. */
  readonly isNew: boolean;
}

/**
 * Registers every schema of the contract, each at its subject with compatibility FULL_TRANSITIVE. Doing it again changes
 * nothing. Rejects with `RegistrationRefused` at the first that is not taken (those before it are registered), and with
 * `RegistryUnreachable` on an outage.
 */
export async function publishSchemas(options: {
  readonly url: string;
  readonly schemas: Schemas;
  readonly clock: Clock;
}): Promise<readonly Published[]> {
  const registry = connectRegistry(options);
  const published: Published[] = [];
  for (const { subject, schema } of subjectsOf(options.schemas)) {
    const former = await registry.idOf(subject, schema);
    // Also for one that is there: its subject has to have the compatibility that the contract promises.
    const id = await registry.register(subject, schema);
    published.push({ subject, id, isNew: former === undefined });
  }
  return published;
}
