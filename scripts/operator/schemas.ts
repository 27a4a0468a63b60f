import { join } from 'node:path';
import { realClock } from '@throughline/platform/world';
import { type Break, breaksBetween } from '@throughline/registry/compatibility';
import { publishSchemas } from '@throughline/registry/publish';
import { keepRelease, readReleases, unreleased, workingSet } from '@throughline/registry/released';
import { loadSchemas, type Schemas } from '@throughline/schemas/load';
import { TOPICS } from '@throughline/schemas/topics';
import type { Command } from 'commander';
import { print } from './print.ts';

const RELEASED = join(import.meta.dirname, '..', '..', 'schemas', 'released');

/** `schemas check|release|publish`: the contract of the topics, from the working copy to the registry. */
export function addSchemaCommands(program: Command): void {
  const schemas = program.command('schemas').description('The contract of the topics (docs/schemas.md).');
  const command = (name: string, description: string): Command =>
    schemas.command(name).description(description).option('--json', 'print data as JSON');

  command(
    'check',
    'Holds the schemas against every released version, in both directions; exit 1 if any breaks.',
  ).action(({ json }: { readonly json?: boolean }) => {
    const { breaks, releases } = checked(loadSchemas());
    print({ releases, breaks }, json === true, () =>
      breaks.length > 0 ? refusal(breaks) : [`Nothing breaks; releases that it was held against: ${releases}.`],
    );
    if (breaks.length > 0) process.exitCode = 1;
  });

  command('release', 'Keeps the schemas as released, so that later ones are held against them.').action(
    ({ json }: { readonly json?: boolean }) => {
      const { breaks, changes } = checked(loadSchemas());
      if (breaks.length > 0) throw new Error(refusal(breaks).join('\n'));
      const file = changes && keepRelease(RELEASED, changes);
      print({ file: file ?? null }, json === true, () => [
        file ? `Wrote schemas/released/${file}: commit it.` : 'Everything is released.',
      ]);
    },
  );

  command('publish', 'Registers the schemas in the registry; services never do. Again is the same as once.')
    .option('--registry <url>', 'where the registry is (default: SCHEMA_REGISTRY_URL, or http://127.0.0.1:8081)')
    .action(async ({ json, registry }: { readonly json?: boolean; readonly registry?: string }) => {
      const contract = loadSchemas();
      const { breaks, changes } = checked(contract);
      if (breaks.length > 0) throw new Error(refusal(breaks).join('\n'));
      const url = registry ?? process.env.SCHEMA_REGISTRY_URL ?? 'http://127.0.0.1:8081';
      const published = await publishSchemas({ url, schemas: contract, clock: realClock });
      const fresh = published.filter(({ isNew }) => isNew);
      print({ published }, json === true, () => [
        ...fresh.map(({ subject, id }) => `${subject}: schema ${id}`),
        `${fresh.length} new, ${published.length - fresh.length} were there.`,
        ...(changes
          ? ['Some of this is not released: run `pnpm throughline schemas release` before others use it.']
          : []),
      ]);
    });
}

function checked(schemas: Schemas) {
  const working = workingSet(schemas, TOPICS);
  const releases = readReleases(RELEASED);
  const breaks = releases.flatMap((release) => breaksBetween(release, working));
  return { breaks, releases: releases.length, changes: unreleased(working, releases) };
}

const refusal = (breaks: readonly Break[]): readonly string[] => [
  'Older and newer services would not understand each other:',
  ...new Set(
    breaks.map(({ where, field, problem }) => `  ${where}${field === undefined ? '' : `, ${field}`}: ${problem}.`),
  ),
];
