import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import type { Clock } from '@throughline/kernel/ports';
import type { SchemaJson } from '@throughline/schemas/load';

/** What is asked of a Confluent-compatible registry. Everything rejects with `RegistryUnreachable` on an outage. */
export interface RegistryClient {
  /** Where it is, without what logs in there: for messages. */
  readonly where: string;
  /** The id under which exactly this schema is registered at the subject; undefined where it is not. */
  idOf(subject: string, schema: SchemaJson): Promise<number | undefined>;
  /** Whether the subject has any schema. */
  has(subject: string): Promise<boolean>;
  /** The Avro schema of an id, as far as it takes to read bytes; undefined where there is none that could be read with. */
  schemaOf(id: number): Promise<SchemaJson | undefined>;
  /**
   * Registers the schema at the subject, whose compatibility is FULL_TRANSITIVE from then on; the same again gives the same id.
   * Rejects with `RegistrationRefused` where the registry does not take it, or where the subject has another compatibility.
   */
  register(subject: string, schema: SchemaJson): Promise<number>;
}

/** Nobody answered, or somebody who is no registry, or one that is ill: an outage, whatever was asked. */
export class RegistryUnreachable extends Error {
  readonly code = 'registry-unreachable';
}

export class RegistrationRefused extends Error {
  readonly code = 'registration-refused';
}

/** A request that has not been answered by then is given up. */
const TIMEOUT_MS = 5_000;

/** `url` may name a user and a password. Throws a `TypeError` where it is no URL of a registry. */
export function connectRegistry({ url, clock }: { readonly url: string; readonly clock: Clock }): RegistryClient {
  const at = URL.parse(url);
  // It is not repeated: what is no URL may still hold a password.
  if (at === null || !/^https?:$/.test(at.protocol))
    throw new TypeError('SCHEMA_REGISTRY_URL is no address of a registry: it looks like http://127.0.0.1:8081.');
  const where = `${at.origin}${at.pathname}`.replace(/\/+$/, '');
  const auth = { username: decodeURIComponent(at.username), password: decodeURIComponent(at.password) };

  /**
   * A client for each question: theirs joins a question that is under way, also one whose answer will never come. What we
   * keep of the answers is kept by us.
   */
  const ask = async <Answer>(question: (registry: SchemaRegistry) => Promise<Answer>): Promise<Answer> => {
    const registry = new SchemaRegistry({
      host: where,
      clientId: CLIENT,
      ...(at.username === '' ? {} : { auth }),
      // Whoever asks tries again, and knows how long.
      retry: { retries: 0 },
      middlewares: [() => ({ prepareRequest: async (next) => (await next()).enhance({ timeout: TIMEOUT_MS }) })],
    });
    try {
      return await answered(clock, question(registry));
    } catch (refusal) {
      if (isAnswer(refusal)) throw refusal;
      throw new RegistryUnreachable(
        `The schema registry at ${where} does not answer as one (${reasonOf(refusal)}): see that it runs and that SCHEMA_REGISTRY_URL leads there.`,
      );
    }
  };

  return {
    where,
    idOf: (subject, schema) =>
      orNone(
        ask((registry) => registry.getRegistryIdBySchema(subject, { type: SchemaType.AVRO, schema: json(schema) })),
      ),
    has: async (subject) => (await orNone(ask((registry) => registry.getLatestSchemaId(subject)))) !== undefined,
    async schemaOf(id) {
      const found = await orNone(ask((registry) => registry.getSchema(id)));
      // What is no Avro cannot be resolved to ours; what is says itself as JSON.
      return found !== undefined && 'createResolver' in found ? JSON.parse(JSON.stringify(found)) : undefined;
    },
    async register(subject, schema) {
      const options = { subject, compatibility: COMPATIBILITY.FULL_TRANSITIVE };
      try {
        return (await ask((registry) => registry.register({ type: SchemaType.AVRO, schema: json(schema) }, options)))
          .id;
      } catch (refusal) {
        if (refusal instanceof RegistryUnreachable) throw refusal;
        throw new RegistrationRefused(
          `${subject} was not registered at ${where} (${reasonOf(refusal)}): its compatibility has to be FULL_TRANSITIVE, and the schema has to go with those that are there.`,
        );
      }
    },
  };
}

const CLIENT = 'throughline';
/** Not found, in conflict with what is there, and not taken: what a registry itself says. */
const ANSWERS: readonly unknown[] = [404, 409, 422];

const json = (schema: SchemaJson): string => JSON.stringify(schema);

/** Their timeout covers a registry that says nothing, this one also an answer that ends in the middle. */
function answered<Answer>(clock: Clock, answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(TIMEOUT_MS, () => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    answer.then(resolve, reject).finally(cancel);
  });
}

/**
 * Whether a refusal is what a registry says, or what is wrong with a schema, rather than an outage. The client gives a status
 * to everything that happened on the way (400 to a connection that was refused), and none to what it says of schemas. A "not
 * found" that is not in a registry's form comes from somebody in between.
 */
function isAnswer(refusal: unknown): boolean {
  if (!(refusal instanceof Error) || refusal.message.startsWith(`${CLIENT} - Error, status`)) return false;
  return 'status' in refusal ? ANSWERS.includes(refusal.status) : refusal.name.startsWith('ConfluentSchemaRegistry');
}

/** Undefined where the answer is that there is none, or none that could be used. */
async function orNone<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (refusal) {
    if (refusal instanceof RegistryUnreachable) throw refusal;
    return undefined;
  }
}

const REASON_MAX = 200;

/** In one line, however long the page is that somebody in between has answered with. */
const reasonOf = (refusal: unknown): string =>
  (refusal instanceof Error ? refusal.message : String(refusal))
    .replace(`${CLIENT} - `, '')
    .replace('Error, status 400: ', '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, REASON_MAX)
    .replace(/\.$/, '');
