import { aWhile, until } from '@throughline/gateway/testing/stage';
import { expect } from 'chai';
import { contactIdOf } from './normalize.ts';
import { RECONNECT_WITHIN_MS } from './relay.ts';
import { AUTH_TOKEN, CALLER, Phone, type RelayEnd } from './testing/phone.ts';

const CONTACT = contactIdOf('CA1');

describe('a call that comes back', () => {
  let phone: Phone;
  let other: Phone;

  beforeEach(async () => {
    phone = new Phone();
    phone.stage.cases.replies = false;
    other = new Phone(AUTH_TOKEN, phone.stage);
    await Promise.all([phone.listen(), other.listen()]);
  });
  afterEach(() => Promise.all([phone.hangUpAll(), other.hangUpAll()]));

  const inputs = () => phone.stage.cases;
  const breaks = async (relay: RelayEnd): Promise<void> => {
    relay.socket.terminate();
    await relay.comesToAClose();
  };

  /** The carrier asks a gateway what to do with a call whose relay broke, and connects it there. */
  async function again(at: Phone): Promise<RelayEnd> {
    const customParameters = await at.ring({ SessionStatus: 'failed' }, '/voice/incoming?again=1');
    const relay = await at.relay();
    relay.send({ type: 'setup', sessionId: 'VX1', callSid: 'CA1', from: CALLER, customParameters });
    return relay;
  }

  it('hears the newest words again, and nothing older; its turns are new ones', async () => {
    const first = await phone.call();
    inputs().reply(CONTACT, 'Older words.', 'one');
    inputs().reply(CONTACT, 'Newest words.', 'two');
    first.says('yes');
    await until('the first relay is done', () => first.heard().length === 2 && phone.turns().length === 1);
    await breaks(first);
    const second = await phone.call();
    await until('the caller hears something', () => second.heard().length > 0);
    second.says('yes');
    await until('the turn is there', () => phone.turns().length === 2);
    expect(second.heard()).to.deep.equal(['Newest words.']);
    expect(new Set(phone.turns().map((turn) => turn.inputId))).to.have.length(2);
    phone.stage.clock.advance(RECONNECT_WITHIN_MS);
    await aWhile();
    expect(phone.left()).to.deep.equal([]);
  });

  it('goes on at another gateway when this one shuts down', async () => {
    const first = await phone.call();
    inputs().reply(CONTACT, 'Where we were.');
    await until('the caller hears something', () => first.heard().length > 0);
    await phone.gateway.close();
    await first.comesToAClose();
    expect(first.closedWith).to.equal(1001);
    expect(phone.left()).to.deep.equal([]);

    const second = await again(other);
    await until('the caller hears something', () => second.heard().length > 0);
    expect(second.heard()).to.deep.equal(['Where we were.']);
  });

  it('goes on at another gateway when its relay broke, and has not hung up here', async () => {
    const first = await phone.call();
    inputs().reply(CONTACT, 'Where we were.');
    await until('the caller hears something', () => first.heard().length > 0);
    await breaks(first);
    const second = await again(other);
    await until('the caller hears it again', () => second.heard().length > 0);
    phone.stage.clock.advance(RECONNECT_WITHIN_MS);
    await aWhile();
    expect(second.isOpen()).to.equal(true);
    expect(phone.left()).to.deep.equal([]);
  });

  it('hears the newest words, also where what it missed comes in parts', async () => {
    const first = await phone.call();
    for (let number = 1; number <= 7; number += 1) inputs().reply(CONTACT, `Words ${number}.`, `in${number}`);
    await until('all is heard', () => first.heard().length === 7);
    await breaks(first);
    const second = await phone.call();
    await until('the caller hears something', () => second.heard().length > 0);
    await aWhile();
    expect(second.heard()).to.deep.equal(['Words 7.']);
  });

  it('keeps the order of what was said on both relays (law 2)', async () => {
    inputs().settles = false;
    const first = await phone.call();
    first.says('one', 'two', 'three');
    await until('the first turn is there', () => phone.texts().length === 1);
    await aWhile();
    await breaks(first);
    const second = await phone.call();
    second.says('four');
    await aWhile();
    for (let turn = 0; turn < 4; turn += 1) {
      inputs().weigh(CONTACT);
      await aWhile();
    }
    expect(phone.texts()).to.deep.equal(['one', 'two', 'three', 'four']);
  });

  it('has its card number masked, also where the relay broke between its halves', async () => {
    const first = await phone.call();
    first.says('4111 1111');
    await until('the first half is there', () => phone.texts().length === 1);
    await breaks(first);
    const second = await again(phone);
    second.says('1111 1111');
    await until('the second half is there', () => phone.texts().length === 2);
    expect(phone.texts()).to.deep.equal(['•••• 1111', '••••']);
  });

  for (const [where, at] of [
    ['here', () => phone],
    ['at another gateway', () => other],
  ] as const)
    it(`is taken ${where} though the mesh is busy`, async () => {
      const first = await phone.call();
      inputs().reply(CONTACT, 'Where we were.');
      await until('the caller hears something', () => first.heard().length > 0);
      phone.stage.busy = true;
      await breaks(first);
      const second = await again(at());
      await until('the caller hears it again', () => second.heard().length > 0);
      expect(second.isOpen()).to.equal(true);
    });

  it('is over for its case where it cannot be taken again', async () => {
    const first = await phone.call();
    await breaks(first);
    phone.stage.log.refuses = true;
    await (await again(phone)).comesToAClose();
    phone.stage.log.refuses = false;
    await phone.post('/voice/status', { CallSid: 'CA1', CallStatus: 'completed' });
    phone.stage.clock.advance(RECONNECT_WITHIN_MS);
    await until('the contact has left', () => phone.left().length > 0);
    expect(phone.left()).to.deep.equal(['hung-up']);
  });
});
