import type { Clock, Reporter } from '@throughline/kernel/ports';
import type { SchemaJson, Schemas } from '@throughline/schemas/load';
import { type SchemaIds, SchemaUnknown } from '@throughline/schemas/registry';
import avro from 'avsc';
import { connectRegistry, type RegistryClient } from './registry-client.ts';
import { type Registered, subjectsOf } from './subjects.ts';

export interface RegistryIdsOptions {
  /** Where the registry is; may name a user and a password. */
  readonly url: string;
  readonly schemas: Schemas;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/** A schema that a service of this version writes with is not the one that readers would find: it must not start. */
export class SchemaNotRegistered extends Error {
  readonly code = 'schema-not-registered';
}

/** How long an id that the registry does not have is not asked for again. */
const ABSENT_FOR_MS = 60_000;

/**
 * Ids from a Confluent-compatible registry, of which nothing is ever written here. Each of our schemas is looked up at the
 * start; those of other writers are fetched when they are first seen. What is known stays known, so the registry may be gone
 * afterwards for as long as nobody new writes.
 *
 * Rejects with `SchemaNotRegistered` where one of ours is not registered as it is here (all of them are published at once, so
 * a service that does not write that one itself has come too early as well), and with `RegistryUnreachable` where nobody can
 * be asked.
 */
export async function openRegistryIds(options: RegistryIdsOptions): Promise<SchemaIds> {
  const { schemas, clock, reporter } = options;
  const registry = connectRegistry(options);
  const ours = await lookUp(registry, schemas);
  const known = new Map([...ours.values()].map(({ id, schema }) => [id, schema]));
  /** Until when, oldest first. */
  const absent = new Map<number, number>();
  const underWay = new Map<number, Promise<void>>();

  const fetchOne = async (id: number): Promise<void> => {
    const schema = await registry.schemaOf(id);
    const nowMs = clock.nowMs();
    for (const [former, untilMs] of absent) if (untilMs <= nowMs) absent.delete(former);
    if (schema !== undefined) known.set(id, schema);
    else absent.set(id, nowMs + ABSENT_FOR_MS);
    if (schema !== undefined) reporter.info('schema.fetched', { id });
    else reporter.warn('schema.absent', { id, askedAgainInMs: ABSENT_FOR_MS });
  };
  const fetchOnce = (id: number): Promise<void> => {
    const fetching = underWay.get(id) ?? fetchOne(id).finally(() => underWay.delete(id));
    underWay.set(id, fetching);
    return fetching;
  };
  const isMissing = (id: number): boolean => !known.has(id) && (absent.get(id) ?? 0) <= clock.nowMs();

  return {
    idOf(topic, record) {
      const registered = ours.get(`${topic}/${record}`);
      if (registered === undefined) throw new SchemaUnknown(`${topic} has no record ${record} in the contract.`);
      return registered.id;
    },
    schemaOf: (id) => known.get(id),
    async fetch(ids) {
      await Promise.all(ids.filter(isMissing).map(fetchOnce));
    },
  };
}

interface OurSchema {
  readonly id: number;
  readonly schema: SchemaJson;
}

/** Ours by `<topic>/<record>`. */
async function lookUp(registry: RegistryClient, schemas: Schemas): Promise<ReadonlyMap<string, OurSchema>> {
  const looked = await Promise.all(
    subjectsOf(schemas).map(async (registered) => ({ ...registered, id: await ourIdOf(registry, registered) })),
  );
  const [missing, ...others] = looked.filter(({ id }) => id === undefined);
  if (missing !== undefined) {
    const at = `${missing.subject}${others.length > 0 ? ` (and ${others.length} more)` : ''} at ${registry.where}`;
    throw new SchemaNotRegistered(
      (await registry.has(missing.subject))
        ? `Another schema than this service's is registered as ${at}: run \`pnpm throughline schemas publish\` of this version first.`
        : `No schema is registered as ${at}: run \`pnpm throughline schemas publish\` first.`,
    );
  }
  return new Map(
    looked.flatMap(({ topic, record, schema, id }) =>
      id === undefined ? [] : [[`${topic}/${record}`, { id, schema }] as const],
    ),
  );
}

/** Undefined where ours is not registered. The id is followed back: readers get what stands behind it, and nothing else. */
async function ourIdOf(registry: RegistryClient, { subject, schema }: Registered): Promise<number | undefined> {
  const id = await registry.idOf(subject, schema);
  const found = id === undefined ? undefined : await registry.schemaOf(id);
  return found !== undefined && typeOf(found).equals(typeOf(schema)) ? id : undefined;
}

const typeOf = (schema: SchemaJson): avro.Type => avro.Type.forSchema(schema as avro.Schema);
