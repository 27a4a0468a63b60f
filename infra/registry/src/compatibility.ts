import { isObject } from '@throughline/schemas/shape';
import avro from 'avsc';
import type { ReleasedSet } from './released.ts';

/** One way in which the contract would stop older and newer services from understanding each other. */
export interface Break {
  /** The topic, and the record where it is about one: `case.events.v1/CaseOpened`. */
  readonly where: string;
  /** `<record>.<field>` where it is about one; the record may be one that the topic's record holds. */
  readonly field: string | undefined;
  /** What is wrong and what to do instead, in one sentence. */
  readonly problem: string;
}

/**
 * Holds a contract against one that was released, in both directions (FULL_TRANSITIVE, one pair at a time): what one of them
 * writes, the other can read. Empty where they agree. avsc's resolvers decide; the walk over the two only finds the field.
 */
export function breaksBetween(released: ReleasedSet, working: ReleasedSet): readonly Break[] {
  const topics = Object.entries(released.topics).flatMap(([topic, partitions]) =>
    topicBreaks(topic, partitions, working.topics[topic]),
  );
  const records = Object.entries(released.records).flatMap(([topic, ofTopic]) =>
    Object.entries(ofTopic).flatMap(([record, schema]) =>
      recordBreaks(`${topic}/${record}`, schema, working.records[topic]?.[record]),
    ),
  );
  return [...topics, ...records];
}

function topicBreaks(where: string, released: number, working: number | undefined): readonly Break[] {
  if (working === undefined)
    return [{ where, field: undefined, problem: 'the topic is gone: put it back into schemas/src/topics.ts' }];
  if (working === released) return [];
  const problem = `has ${working} partitions and was released with ${released}, so keys would move: keep the number, or make a topic of the next version`;
  return [{ where, field: undefined, problem }];
}

function recordBreaks(where: string, released: unknown, working: unknown): readonly Break[] {
  if (working === undefined) {
    const problem = `the record is gone, and the log still holds it: put schemas/avro/${where}.avsc back`;
    return [{ where, field: undefined, problem }];
  }
  const [older, newer] = [typeOf(released), typeOf(working)];
  const found = [...typeBreaks(older, newer, undefined), ...attributeBreaks(released, working)];
  const unread = found.length > 0 ? undefined : (unreadable(newer, older) ?? unreadable(older, newer));
  const all = unread === undefined ? found : [{ field: undefined, problem: unread }];
  // A shared record may stand in several places of one record: what is wrong with it is said once.
  return [...new Map(all.map((one) => [`${one.field} ${one.problem}`, { where, ...one }])).values()];
}

type Found = Omit<Break, 'where'>;

const typeOf = (schema: unknown): avro.Type => avro.Type.forSchema(schema as avro.Schema);

/** Why what `writer` wrote cannot be read as `reader`; undefined where it can. */
function unreadable(reader: avro.Type, writer: avro.Type): string | undefined {
  try {
    reader.createResolver(writer);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function typeBreaks(older: avro.Type, newer: avro.Type, field: string | undefined): readonly Found[] {
  const { types } = avro;
  if (older instanceof types.RecordType && newer instanceof types.RecordType) return fieldBreaks(older, newer, field);
  if (older instanceof types.ArrayType && newer instanceof types.ArrayType)
    return typeBreaks(older.itemsType, newer.itemsType, field);
  if (older instanceof types.MapType && newer instanceof types.MapType)
    return typeBreaks(older.valuesType, newer.valuesType, field);
  if (isUnion(older) && isUnion(newer)) return branchBreaks(older.types, newer.types, field);
  if (unreadable(newer, older) === undefined && unreadable(older, newer) === undefined) return [];
  const problem = `was ${nameOf(older)} and is ${nameOf(newer)}: keep the type, and add another field with a default`;
  return [{ field, problem }];
}

function fieldBreaks(
  older: avro.types.RecordType,
  newer: avro.types.RecordType,
  field: string | undefined,
): readonly Found[] {
  if (older.name !== newer.name) {
    const problem = `the record was ${nameOf(older)} and is ${nameOf(newer)}: keep the name`;
    return [{ field, problem }];
  }
  const at = (name: string): string => `${nameOf(older)}.${name}`;
  const removed = older.fields
    .filter((former) => newer.field(former.name) === undefined && former.defaultValue() === undefined)
    .map(({ name }) => ({ field: at(name), problem: 'was removed and has no default: put it back' }));
  const others = newer.fields.flatMap((added) => {
    const former = older.fields.find(({ name }) => name === added.name);
    if (former !== undefined) return typeBreaks(former.type, added.type, at(added.name));
    const problem = 'was added without a default, and older records do not have it: give it one';
    return added.defaultValue() === undefined ? [{ field: at(added.name), problem }] : [];
  });
  return [...removed, ...others];
}

type Union = avro.types.UnwrappedUnionType | avro.types.WrappedUnionType;

const isUnion = (type: avro.Type): type is Union =>
  type instanceof avro.types.UnwrappedUnionType || type instanceof avro.types.WrappedUnionType;

function branchBreaks(
  older: readonly avro.Type[],
  newer: readonly avro.Type[],
  field: string | undefined,
): readonly Found[] {
  const sameIn = (types: readonly avro.Type[], wanted: avro.Type): avro.Type | undefined =>
    types.find((type) => nameOf(type) === nameOf(wanted));
  const removed = older
    .filter((branch) => sameIn(newer, branch) === undefined)
    .map((branch) => ({ field, problem: `may no longer be ${nameOf(branch)}, which the log holds: put it back` }));
  const others = newer.flatMap((branch) => {
    const former = sameIn(older, branch);
    if (former !== undefined) return typeBreaks(former, branch, field);
    return [{ field, problem: `may now be ${nameOf(branch)}, which older services cannot read: add another field` }];
  });
  return [...removed, ...others];
}

/** As the `.avsc` files have it: records without their namespace. */
const nameOf = (type: avro.Type): string => (type.name ?? type.typeName).split('.').at(-1) ?? type.typeName;

/**
 * What Avro takes no notice of and our readers do: whether a field is sealed, the closed set of its values, and whose key
 * seals a record. Avro reads strings as bytes and bytes as strings; a reader that expects a seal does not.
 */
function attributeBreaks(released: unknown, working: unknown): readonly Found[] {
  const [older, newer] = [attributesIn(released), attributesIn(working)];
  return [...older].flatMap(([field, former]) => {
    const now = newer.get(field);
    if (now === undefined || now === former) return [];
    return [{ field, problem: `was ${former} and is ${now}: keep it, and add another field with a default` }];
  });
}

/** By `<record>` and `<record>.<field>`, through all records that a schema holds. */
function attributesIn(schema: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (at: unknown): void => {
    if (Array.isArray(at)) at.forEach(walk);
    if (!isObject(at)) return;
    for (const inner of [at.items, at.values]) if (typeof inner === 'object') walk(inner);
    if (isObject(at.type) || Array.isArray(at.type)) walk(at.type);
    if (at.type !== 'record' || !Array.isArray(at.fields)) return;
    found.set(
      String(at.name),
      at.keyScope === undefined ? 'sealed by nobody' : `sealed by ${at.keyScope} in ${at.protectedBy}`,
    );
    for (const field of at.fields) {
      if (!isObject(field)) continue;
      found.set(`${at.name}.${field.name}`, attributesOf(field.type));
      walk(field.type);
    }
  };
  walk(schema);
  return found;
}

/** Also of what is optional or in a list. */
function attributesOf(type: unknown): string {
  if (Array.isArray(type)) return attributesOf(type.find((branch) => branch !== 'null'));
  if (!isObject(type)) return 'plain';
  if (type.type === 'array') return attributesOf(type.items);
  if (type.type === 'map') return attributesOf(type.values);
  if (type.logicalType === 'protected') return 'protected';
  return Array.isArray(type.values) ? `one of ${type.values.toSorted().join(', ')}` : 'plain';
}
