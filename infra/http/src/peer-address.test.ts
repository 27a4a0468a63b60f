import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { networkOf, peerAddressOf, peersOf } from './peer-address.ts';

const request = (remoteAddress: string | undefined, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

describe('the address that a request comes from', () => {
  const nobody = peersOf([]);
  const proxies = peersOf(['loopback', '10.0.0.0/8', '2001:db8::7']);

  it('is that of the connection where no proxy is trusted, whatever the request says', () => {
    for (const forwarded of [undefined, '192.0.2.1', '127.0.0.1', '192.0.2.1, 10.0.0.1'])
      expect(peerAddressOf(request('198.51.100.4', forwarded), nobody)).to.equal('198.51.100.4');
  });

  it('is that of the connection where somebody else than a trusted proxy says otherwise', () => {
    expect(peerAddressOf(request('198.51.100.4', '192.0.2.1'), proxies)).to.equal('198.51.100.4');
  });

  for (const [what, peer, forwarded, address] of [
    ['what a trusted proxy was told by its own peer', '127.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['the last one said, since those before may be made up', '127.0.0.1', '203.0.113.9, 192.0.2.1', '192.0.2.1'],
    ['behind every trusted proxy of a row', '::1', '203.0.113.9,192.0.2.1, 10.3.0.2', '192.0.2.1'],
    ['the first of a row of proxies alone', '10.0.0.1', '10.0.0.2', '10.0.0.2'],
    ['one of IPv6', '2001:db8::7', '2001:db8::99', '2001:db8::99'],
    ['IPv4 however the socket writes it', '::ffff:127.0.0.1', '::ffff:192.0.2.1', '192.0.2.1'],
    ['the proxy where it says nothing', '127.0.0.1', undefined, '127.0.0.1'],
    ['the proxy where what it says is no address', '127.0.0.1', '192.0.2.1, unknown', '127.0.0.1'],
    ['the proxy where it says nothing behind a comma', '127.0.0.1', '192.0.2.1,', '127.0.0.1'],
  ] as const) {
    it(`is ${what}`, () => {
      expect(peerAddressOf(request(peer, forwarded), proxies)).to.equal(address);
    });
  }

  it('is nothing where the connection is gone', () => {
    expect(peerAddressOf(request(undefined, '192.0.2.1'), proxies)).to.equal('');
  });

  it('is not asked of what is no address', () => {
    expect(() => peersOf(['everybody'])).to.throw('Trusted peer everybody is neither an address nor a network.');
  });
});

describe('the network that one customer of a provider has', () => {
  for (const [what, address, network] of [
    ['the address itself of IPv4', '192.0.2.1', '192.0.2.1'],
    ['the first half of IPv6', '2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
    ['the same however much of it is left out', '2001:db8:1:2::7', '2001:db8:1:2::/64'],
    ['the same with zeros and capitals', '2001:0DB8:0001:0002:0::7', '2001:db8:1:2::/64'],
    ['the same where the end is written as IPv4', '2001:db8:1:2::192.0.2.1', '2001:db8:1:2::/64'],
    ['found where the left-out part is in the first half', '2001::3:a:b:c:d', '2001:0:0:3::/64'],
    ['found where everything in front is left out', '::1', '0:0:0:0::/64'],
    ['without the interface that it was reached by', 'fe80::1:2%eth0', 'fe80:0:0:0::/64'],
    ['nothing where the connection is gone', '', ''],
  ] as const) {
    it(`is ${what}`, () => {
      expect(networkOf(address)).to.equal(network);
    });
  }
});
