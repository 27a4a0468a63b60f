/**
 * `pnpm demo [--json] [--pace <ms>]`: plays the story of chat, phone and mail through the real sockets of a mesh that it starts itself.
 * Exit 0 only if every check of the story held.
 */
import { Command } from 'commander';
import { Stage } from './demo/stage.ts';
import { type Line, type Played, playStory } from './demo/story.ts';

const TRAIL_CHARACTERS_MAX = 110;

const options = new Command('demo')
  .description('Plays the story of chat, phone and mail on a mesh of its own.')
  .option('--json', 'print one JSON object and nothing else')
  .option('--pace <ms>', 'milliseconds between the lines of the transcript', '600')
  .parse()
  .opts<{ json?: boolean; pace: string }>();

const paceMs = Number(options.pace);
if (!Number.isFinite(paceMs) || paceMs < 0) {
  console.error('--pace must be a number of milliseconds, 0 or more.');
  process.exit(2);
}

const stage = await Stage.open();
const lines: Line[] = [];
try {
  const played = await playStory(stage, (line) => lines.push(line));
  if (options.json) console.log(JSON.stringify(played));
  else await show(played);
  process.exitCode = played.checks.every(({ ok }) => ok) ? 0 : 1;
} catch (error) {
  console.error(`The story did not come to its end: ${error instanceof Error ? error.message : 'unknown'}`);
  process.exitCode = 1;
} finally {
  await stage.close();
}

async function show(played: Played): Promise<void> {
  for (const { at, channel, who, text } of lines) {
    console.log(
      channel === 'story' ? `\n${at}  ${text}` : `       ${channel.padEnd(6)} ${who}: ${text.replace(/\n+/g, ' ')}`,
    );
    if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
  }
  console.log(`\nCase ${played.caseId}: what each contact was given, by how surely it was known who it is`);
  for (const contact of played.contacts) {
    const briefing = await stage.api<{
      briefing?: { receipt?: { given?: unknown[]; withheld?: { item: string; reason: string }[]; policy?: string } };
    }>(`/api/contacts/${contact.contactId}`);
    const { given = [], withheld = [], policy = '' } = briefing.briefing?.receipt ?? {};
    console.log(
      `  ${contact.channel.padEnd(6)} ${contact.disposition}, assurance ${contact.assurance}: ${given.length} items given, ${withheld.length} withheld (${policy})`,
    );
    for (const line of withheld)
      console.log(`           withheld ${line.item}: ${line.reason.replace(/^needs-(\d)$/, 'needs assurance $1')}`);
  }
  const trail = await stage.api<{ entries: { at: string; type: string; channel: string | null; says: string }[] }>(
    `/api/audit/cases/${played.caseId}`,
  );
  console.log(`\nAudit trail: ${trail.entries.length} entries, ${played.audit.verified ? 'verified' : 'NOT VERIFIED'}`);
  for (const entry of trail.entries)
    console.log(
      `  ${entry.type.padEnd(18)} ${(entry.channel ?? '').padEnd(6)} ${shortened(entry.says.replace(/\n+/g, ' '))}`,
    );
  console.log('');
  for (const { name, ok } of played.checks) console.log(`  ${ok ? 'ok    ' : 'FAILED'} ${name}`);
}

function shortened(text: string): string {
  return text.length > TRAIL_CHARACTERS_MAX ? `${text.slice(0, TRAIL_CHARACTERS_MAX - 1)}…` : text;
}
