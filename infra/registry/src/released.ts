import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { SchemaJson, Schemas } from '@throughline/schemas/load';
import { isObject } from '@throughline/schemas/shape';
import type { Topic } from '@throughline/schemas/topics';

/** A contract, or the part of one that a release has changed: all that others may rely on. */
export interface ReleasedSet {
  /** The number of partitions of each topic. */
  readonly topics: Readonly<Record<string, number>>;
  /** Each record's schema by topic and name, without what is there for people only. */
  readonly records: Readonly<Record<string, Readonly<Record<string, SchemaJson>>>>;
}

/** The contract as it is in the working copy. */
export function workingSet(schemas: Schemas, topics: readonly Topic[]): ReleasedSet {
  return {
    topics: Object.fromEntries(topics.map(({ name, partitions }) => [name, partitions])),
    records: Object.fromEntries(
      [...schemas.topics].map(([topic, records]) => [
        topic,
        Object.fromEntries([...records].map(([name, { schema }]) => [name, withoutDocs(schema)])),
      ]),
    ),
  };
}

/** Every release in a folder, the oldest first; none where there is no folder. Each file holds what its release has changed. */
export function readReleases(folder: string): readonly ReleasedSet[] {
  return releaseFiles(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as ReleasedSet);
}

/** The part of the working contract that no release has as it is; undefined where there is none. */
export function unreleased(working: ReleasedSet, releases: readonly ReleasedSet[]): ReleasedSet | undefined {
  const topics = Object.entries(working.topics).filter(([topic, partitions]) =>
    releases.every((release) => release.topics[topic] !== partitions),
  );
  const records = Object.entries(working.records).flatMap(([topic, ofTopic]) => {
    const changed = Object.entries(ofTopic).filter(([name, schema]) =>
      releases.every((release) => !isDeepStrictEqual(release.records[topic]?.[name], schema)),
    );
    return changed.length === 0 ? [] : [[topic, Object.fromEntries(changed)] as const];
  });
  if (topics.length + records.length === 0) return undefined;
  return { topics: Object.fromEntries(topics), records: Object.fromEntries(records) };
}

/** Keeps a release as the next file of the folder; returns the file's name. */
export function keepRelease(folder: string, changes: ReleasedSet): string {
  mkdirSync(folder, { recursive: true });
  const file = `${String(releaseFiles(folder).length + 1).padStart(NUMBER_LENGTH, '0')}.json`;
  // Never over a file that is there: what has been released stays as it was.
  writeFileSync(join(folder, file), `${JSON.stringify(changes, null, 2)}\n`, { flag: 'wx' });
  return file;
}

const NUMBER_LENGTH = 4;

function releaseFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((file) => /^\d+\.json$/.test(file))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** Prose may change at any time. */
function withoutDocs(schema: SchemaJson): SchemaJson {
  if (Array.isArray(schema)) return schema.map(withoutDocs);
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, value]) => (name === 'doc' ? [] : [[name, withoutDocs(value)]])),
  );
}
