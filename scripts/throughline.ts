/** `pnpm throughline <command>`: the operator's command line, over the API of a running mesh. */
import type { Reconstruction, Verification } from '@throughline/audit/view-schemas';
import { Command } from 'commander';
import { OperatorApi } from './operator/api.ts';
import { type ImportCounts, ImportStopped, importCustomers } from './operator/import.ts';
import { print, table } from './operator/print.ts';
import { addSchemaCommands } from './operator/schemas.ts';
import { addStoreCommands } from './operator/store.ts';
import { addTopicCommands } from './operator/topics.ts';

interface Common {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
}

const program = new Command('throughline').description('Looks after a running mesh.').showHelpAfterError();

/** A command with the options that all of them have. */
const command = (parent: Command, name: string, description: string): Command =>
  parent
    .command(name)
    .description(description)
    .option('--url <url>', 'where the mesh is (default: as THROUGHLINE_HOST and THROUGHLINE_HTTP_PORT say)')
    .option(
      '--token <token>',
      'the operator token (default: THROUGHLINE_ADMIN_TOKEN, or the one in the data directory)',
    )
    .option('--json', 'print data as JSON');

const id = (text: string): string => encodeURIComponent(text);

command(
  program.command('customers').description('Customers of the CRM.'),
  'import <file>',
  'Imports one customer a line (NDJSON).',
).action(async (file: string, options: Common) => {
  const show = (counts: ImportCounts): void =>
    print(counts, options.json === true, () => [
      `${counts.accepted} accepted (${counts.changed} of them changed), ${counts.rejected} rejected`,
      ...counts.errors.map(({ line, reason }) => `line ${line}: ${reason}`),
    ]);
  try {
    const counts = await importCustomers(new OperatorApi(options), file);
    show(counts);
    if (counts.rejected > 0) process.exitCode = 1;
  } catch (stopped) {
    if (stopped instanceof ImportStopped) show(stopped.counts);
    throw stopped;
  }
});

command(
  program.command('case').description('Cases.'),
  'show <caseId>',
  'Shows a case and its thread; the look goes on the record.',
).action(async (caseId: string, options: Common) => {
  const api = new OperatorApi(options);
  const found = (await api.request(`/api/cases/${id(caseId)}`)) as Record<string, unknown>;
  const thread = { items: await api.everything(`/api/cases/${id(caseId)}/thread`), next: null };
  print({ case: found, thread }, options.json === true, () => [
    ...Object.entries(found).flatMap(([name, value]) =>
      typeof value === 'object' ? [] : [`${name}: ${String(value)}`],
    ),
    '',
    ...table(
      ['number', 'at', 'type', 'channel', 'text'],
      thread.items.map((entry) => ['number', 'at', 'type', 'channel', 'text'].map((name) => String(entry[name] ?? ''))),
    ),
  ]);
});

const audit = program.command('audit').description('The audit trail.');
command(
  audit,
  'show <caseId>',
  'Rebuilds a case end to end: who was on, what they were given, what was withheld and why.',
).action(async (caseId: string, options: Common) => {
  const trail = (await new OperatorApi(options).request(`/api/audit/cases/${id(caseId)}`)) as Reconstruction;
  print(trail, options.json === true, () => [
    `${trail.caseId}: ${trail.entries.length} entries, ${trail.verified ? 'every link is whole' : 'NOT WHOLE'}`,
    ...table(
      ['at', 'entry', 'type', 'channel', 'assurance', 'trace', 'says'],
      trail.entries.map((entry) => [
        entry.at,
        String(entry.number ?? ''),
        entry.type,
        entry.channel ?? '',
        String(entry.assurance ?? ''),
        entry.trace,
        entry.says,
      ]),
    ),
  ]);
});
command(
  audit,
  'verify',
  'Holds every chain against the log; exit 1 if anything was edited, deleted, reordered or cut off.',
).action(async (options: Common) => {
  const result = (await new OperatorApi(options).request('/api/audit/verify')) as Verification;
  print(result, options.json === true, () => [
    `${result.links} links ${result.verified ? 'verified' : 'NOT VERIFIED'}, ${result.pending} records not yet in the trail`,
    ...result.findings.map(
      (finding) => `${finding.topic}/${finding.partition} at ${finding.offset ?? '?'}: ${finding.problem}`,
    ),
  ]);
  if (!result.verified) process.exitCode = 1;
});

command(program, 'parked', 'Lists records that could not be handled, and what waits behind them.').action(
  async (options: Common) => {
    const held = (await new OperatorApi(options).request('/api/parked')) as { items: Record<string, unknown>[] };
    const columns = ['processor', 'subject', 'type', 'partition', 'offset', 'at', 'reason'];
    print(held, options.json === true, () =>
      held.items.length === 0
        ? ['Nothing is parked.']
        : table(
            columns,
            held.items.map((item) => columns.map((name) => String(item[name] ?? ''))),
          ),
    );
  },
);
command(program, 'redrive <processor> <subject>', 'Handles again, in order, what is held for a subject.')
  .option('--skip-first', 'set the first held record aside for good, and handle what waits behind it')
  .action(async (processor: string, subject: string, options: Common & { readonly skipFirst?: boolean }) => {
    const skipFirst = options.skipFirst === true;
    const asked = await new OperatorApi(options).post('/api/parked/redrive', { processor, subject, skipFirst });
    print(asked, options.json === true, () => [
      `Asked ${processor} to handle again what is held for ${subject}; \`parked\` shows what is left.`,
    ]);
  });

addSchemaCommands(program);
addStoreCommands(program);
addTopicCommands(program);

try {
  await program.parseAsync();
} catch (refusal) {
  console.error(refusal instanceof Error ? refusal.message : 'It did not work.');
  process.exitCode = 1;
}
