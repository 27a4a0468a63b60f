import type { Line, Switchboard } from '@throughline/gateway/line';
import { chatContact, RecordingSink, Stage, turnOf, until } from '@throughline/gateway/testing/stage';
import { type ChannelContact, channelContract } from './channel.ts';

const TRACE = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const CONTACT = 'ctc_1';

/** Each connection comes to another gateway, as behind a load balancer: nothing may depend on what one of them remembers. */
class SwitchboardContact implements ChannelContact {
  readonly #stage: Stage;
  readonly #sinks: RecordingSink[] = [];
  readonly #acknowledged: string[] = [];
  readonly #opened: Switchboard[] = [];
  #line: Line | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async connect(): Promise<Line> {
    const sink = new RecordingSink();
    const switchboard = this.#stage.another();
    this.#sinks.push(sink);
    this.#opened.push(switchboard);
    const line = await switchboard.connect(chatContact(CONTACT, `con_${this.#sinks.length}`), TRACE, sink);
    this.#line = line;
    await until('the home is known', () => line.home() !== undefined);
    return line;
  }

  say(id: string, text: string): void {
    this.#line?.say(turnOf(text, `inp_${id}`)).then(
      () => this.#acknowledged.push(id),
      () => undefined,
    );
  }

  async drop(): Promise<void> {
    this.#line?.disconnect();
  }

  async comeBack(): Promise<void> {
    const after = this.#sinks.flatMap((sink) => sink.heard).at(-1)?.entryId ?? null;
    await (await this.connect()).resume(after);
  }

  async close(): Promise<void> {
    for (const switchboard of this.#opened) await switchboard.close();
  }

  acknowledged = () => this.#acknowledged;
  thread = () => this.#stage.cases.turnsOf(CONTACT);
  reply = (text: string) => void this.#stage.cases.reply(CONTACT, text);
  weigh = () => this.#stage.cases.weigh(CONTACT);
  heard = () => this.#sinks.flatMap((sink) => sink.heard.map((said) => said.text));
}

channelContract('switchboard', async () => {
  const stage = new Stage();
  stage.cases.replies = false;
  const contact = new SwitchboardContact(stage);
  return {
    settles: (settled) => {
      stage.cases.settles = settled;
    },
    logRefuses: (refuses) => {
      stage.log.refuses = refuses;
    },
    async start() {
      await contact.connect();
      return contact;
    },
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    async close() {
      await contact.close();
      await stage.switchboard.close();
    },
  };
});
