import { expect } from 'chai';
import { aWhile, until } from './waiting.ts';

/** A channel to try: contacts that start, say, hear, lose their connection and come back, in the channel's own way. */
export interface ChannelSetting {
  /** Whether contacts that start from now on are settled at once. */
  settles(settled: boolean): void;
  /** While true, the log takes nothing. */
  logRefuses(refuses: boolean): void;
  start(): Promise<ChannelContact>;
  /** Lets some of the adapter's time pass. */
  turn(): Promise<void>;
  close(): Promise<void>;
}

export interface ChannelContact {
  /** Says something under the channel's own id of it; does not wait. */
  say(id: string, text: string): void;
  /** Ids that the channel was told are kept, in the order it was told. */
  acknowledged(): readonly string[];
  /** What the thread of the case has of this contact's own turns, in order. */
  thread(): readonly string[];
  /** Something is said to the contact. */
  reply(text: string): void;
  /** What the contact has been told so far, on all of its connections, in order. */
  heard(): readonly string[];
  /** The turn that is being weighed is taken. */
  weigh(): void;
  /** Loses the connection. */
  drop(): Promise<void>;
  /** Comes back on a new connection and asks for what it missed. */
  comeBack(): Promise<void>;
}

/** The laws of a channel that is live. A channel is right when it passes them unchanged. */
export function channelContract(name: string, open: () => Promise<ChannelSetting>): void {
  describe(`the channel contract: ${name}`, () => {
    let setting: ChannelSetting;
    const turn = () => setting.turn();

    beforeEach(async () => {
      setting = await open();
    });
    afterEach(() => setting.close());

    it('acknowledges a turn only once the log has it (law 1)', async () => {
      const contact = await setting.start();
      setting.logRefuses(true);
      contact.say('a', 'one');
      await aWhile(turn);
      expect(contact.acknowledged()).to.deep.equal([]);
      setting.logRefuses(false);
      contact.say('a', 'one');
      await until('it is acknowledged', () => contact.acknowledged().length > 0, turn);
      expect(contact.thread()).to.deep.equal(['one']);
    });

    it('takes the same turn once, however often it is said (law 1)', async () => {
      const contact = await setting.start();
      contact.say('a', 'one');
      contact.say('a', 'one');
      await until('both are acknowledged', () => contact.acknowledged().length === 2, turn);
      await contact.drop();
      await contact.comeBack();
      contact.say('a', 'one');
      await until('it is acknowledged again', () => contact.acknowledged().length === 3, turn);
      await aWhile(turn);
      expect(contact.thread()).to.deep.equal(['one']);
    });

    it('keeps the order in which turns were said (law 2)', async () => {
      const contact = await setting.start();
      const texts = Array.from({ length: 20 }, (_, index) => `turn ${index}`);
      for (const text of texts) contact.say(text, text);
      await until('all are acknowledged', () => contact.acknowledged().length === texts.length, turn);
      await until('all are in the thread', () => contact.thread().length === texts.length, turn);
      expect(contact.thread()).to.deep.equal(texts);
      expect(contact.acknowledged()).to.deep.equal(texts);
    });

    it('keeps one turn in flight until the contact has settled', async () => {
      setting.settles(false);
      const contact = await setting.start();
      for (const id of ['one', 'two', 'three']) contact.say(id, id);
      for (const kept of [['one'], ['one', 'two'], ['one', 'two', 'three']]) {
        await until('the next is in the thread', () => contact.thread().length === kept.length, turn);
        await aWhile(turn);
        expect(contact.thread()).to.deep.equal(kept);
        contact.weigh();
      }
    });

    it('tells who comes back what was missed, once and in order (law 2)', async () => {
      const contact = await setting.start();
      contact.reply('One');
      await until('the first is heard', () => contact.heard().length === 1, turn);
      await contact.drop();
      contact.reply('Two');
      contact.reply('Three');
      await aWhile(turn);
      await contact.comeBack();
      contact.reply('Four');
      await until('all is heard', () => contact.heard().length >= 4, turn);
      await aWhile(turn);
      expect(contact.heard()).to.deep.equal(['One', 'Two', 'Three', 'Four']);
    });
  });
}
