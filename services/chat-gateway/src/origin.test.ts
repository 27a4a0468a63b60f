import { until } from '@throughline/gateway/testing/stage';
import { expect } from 'chai';
import { ChatPlace } from './testing/chat-place.ts';

describe('the origin of a chat, which codes are limited by', () => {
  let place: ChatPlace;

  beforeEach(async () => {
    place = new ChatPlace();
    await place.listen();
  });
  afterEach(() => place.close());

  const forged = { 'X-Forwarded-For': '192.0.2.1' };
  const originAt = async (at: ChatPlace, headers: Readonly<Record<string, string>>) => {
    const { sessionToken } = await at.session();
    const origins = () => at.stage.cases.inputsOf('ContactStarted').map((input) => input.body.origin);
    const before = origins().length;
    await at.open(sessionToken, undefined, headers);
    await until('the contact has started', () => origins().length > before);
    return origins().at(-1);
  };

  it('is the address of the connection where a client claims another one', async () => {
    const honest = await originAt(place, {});
    expect(honest).to.be.a('string').and.not.equal('');
    expect(await originAt(place, forged)).to.equal(honest);
  });

  it('is what a trusted proxy says, and not what the client has written before that', async () => {
    const behind = new ChatPlace(undefined, ['loopback']);
    await behind.listen();
    try {
      const direct = await originAt(behind, {});
      const one = await originAt(behind, forged);
      expect(one).not.to.equal(direct);
      expect(await originAt(behind, { 'X-Forwarded-For': '203.0.113.9, 192.0.2.1' })).to.equal(one);
      expect(await originAt(behind, { 'X-Forwarded-For': '192.0.2.1, 203.0.113.9' })).not.to.equal(one);
    } finally {
      await behind.close();
    }
  });

  it('is one for all addresses of an IPv6 network, of which a client has as many as it likes', async () => {
    const behind = new ChatPlace(undefined, ['loopback']);
    await behind.listen();
    try {
      const one = await originAt(behind, { 'X-Forwarded-For': '2001:db8:1:2::1' });
      expect(await originAt(behind, { 'X-Forwarded-For': '2001:db8:1:2:3:4:5:6' })).to.equal(one);
      expect(await originAt(behind, { 'X-Forwarded-For': '2001:db8:1:3::1' })).not.to.equal(one);
    } finally {
      await behind.close();
    }
  });
});
