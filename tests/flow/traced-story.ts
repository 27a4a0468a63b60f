/** Plays the story in a process of its own, for the test that collects its traces. */
import { Stage } from '../../scripts/demo/stage.ts';
import { playStory } from '../../scripts/demo/story.ts';

const stage = await Stage.open();
const { checks, caseId } = await playStory(stage, () => undefined);
const trail = await stage.api<{ entries: { trace: string }[] }>(`/api/audit/cases/${caseId}`);
const mails = stage.mail.received.items.map(({ text }) => text);
const metrics = await (await fetch(`${stage.mesh.url}/metrics`)).text();
await stage.close();
const failed = checks.filter(({ ok }) => !ok);
console.log(JSON.stringify({ failed, mails, metrics, traces: trail.entries.map(({ trace }) => trace) }));
process.exit(0);
