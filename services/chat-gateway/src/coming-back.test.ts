import { until } from '@throughline/gateway/testing/stage';
import { expect } from 'chai';
import { ChatPlace } from './testing/chat-place.ts';

describe('a chat that comes back', () => {
  let place: ChatPlace;

  beforeEach(async () => {
    place = new ChatPlace();
    await place.listen();
  });
  afterEach(() => place.close());

  for (const [one, other, kept] of [
    ['4111 1111', '1111 1111', ['•••• 1111', '••••']],
    ['my card is 4111 1111 11', '11 1111', ['my card is •••• 11', '••••']],
  ] as const) {
    it(`has its card number masked over two connections: ${one}, ${other}`, async () => {
      const { client, contactId, sessionToken } = await place.begin();
      client.send({ type: 'say', id: 'a', text: one });
      await client.got('ack');
      await client.drop();
      const again = await place.open(sessionToken);
      again.send({ type: 'resume', after: null });
      again.send({ type: 'say', id: 'b', text: other });
      await again.got('ack');
      expect(place.stage.cases.turnsOf(contactId)).to.deep.equal(kept);
    });

    it(`has its card number masked where the second half has to be said again: ${one}, ${other}`, async () => {
      const { client, contactId } = await place.begin();
      client.send({ type: 'say', id: 'a', text: one });
      await client.got('ack');
      place.stage.log.refuses = true;
      client.send({ type: 'say', id: 'b', text: other });
      await client.got('problem');
      place.stage.log.refuses = false;
      client.send({ type: 'say', id: 'b', text: other });
      await client.got('ack', 2);
      expect(place.stage.cases.turnsOf(contactId)).to.deep.equal(kept);
    });
  }

  it('misses nothing where the rest of what it missed could not be asked for', async () => {
    const { client, contactId, sessionToken } = await place.begin();
    await client.drop();
    const { cases, log } = place.stage;
    for (let number = 1; number <= 7; number += 1) cases.reply(contactId, `Words ${number}`, `in${number}`);
    const again = await place.open(sessionToken);
    cases.asleep = true;
    again.send({ type: 'resume', after: null });
    await until('it has asked', () => cases.inputsOf('ContactResumed').length === 1);
    cases.reply(contactId, 'Words 8', 'in8');
    log.refuses = true;
    cases.wake();
    await until('it is told to come back', () => again.closed !== undefined);
    log.refuses = false;
    expect(again.closed).to.equal(1013);
    const third = await place.open(sessionToken);
    third.send({ type: 'resume', after: again.of('said').at(-1)?.id });
    await third.got('said', 5);
    const heard = [...again.of('said'), ...third.of('said')].map(({ text }) => text);
    expect(heard).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8].map((number) => `Words ${number}`));
  });

  it('goes on while the mesh is busy', async () => {
    const { client, sessionToken } = await place.begin();
    client.send({ type: 'say', id: 'a', text: 'Hello' });
    await client.got('said');
    place.stage.busy = true;
    await client.drop();
    const again = await place.open(sessionToken);
    again.send({ type: 'resume', after: null });
    await again.got('said', 2);
    expect(again.of('notice')).to.deep.equal([]);
  });
});
