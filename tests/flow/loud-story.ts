/** Plays the story with everything logged, for the test that reads standard error. */
import { Stage } from '../../scripts/demo/stage.ts';
import { playStory } from '../../scripts/demo/story.ts';

const stage = await Stage.open({ THROUGHLINE_LOG_LEVEL: 'debug' });
const { checks } = await playStory(stage, () => undefined);
console.log(JSON.stringify({ checks, mails: stage.mail.received.items.map(({ text }) => text) }));
await stage.close();
