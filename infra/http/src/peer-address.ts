import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Those whose word about others is believed. */
export interface Peers {
  has(address: string): boolean;
}

/** @param peers addresses, networks (`10.0.0.0/8`) or `loopback`; throws where one is none of them */
export function peersOf(peers: readonly string[]): Peers {
  const list = new BlockList();
  for (const peer of peers.flatMap((entry) => (entry === 'loopback' ? LOOPBACK : [entry]))) {
    const [address = '', bits] = peer.split('/');
    const family = familyOf(address);
    if (family === undefined) throw new TypeError(`Trusted peer ${peer} is neither an address nor a network.`);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return {
    has(address) {
      const plain = plainAddress(address);
      const family = familyOf(plain);
      return family !== undefined && list.check(plain, family);
    },
  };
}

/**
 * Where a request comes from. A proxy that is trusted says so in X-Forwarded-For, where everybody writes behind what they were
 * told: it is read from its end, and only as far as the word of trusted ones goes. What anybody else writes there is not believed.
 * Empty where the connection is gone.
 */
export function peerAddressOf({ socket, headers }: IncomingMessage, trusted: Peers): string {
  let address = plainAddress(socket.remoteAddress ?? '');
  const told = [headers['x-forwarded-for'] ?? []].flat().join().split(',');
  while (trusted.has(address)) {
    const before = plainAddress(told.pop()?.trim() ?? '');
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/**
 * The network that whoever has this address can be taken to have all of: with IPv6 the /64 that every connection is given, from
 * which a client picks another address whenever it likes. An IPv4 address stands for itself.
 */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [front = [], behind] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  // IPv4 at the end of an address stands for two groups.
  const written = front.length + (behind?.length ?? 0) + (address.includes('.') ? 1 : 0);
  const groups = [...front, ...Array.from({ length: GROUPS - written }, () => '0'), ...(behind ?? [])];
  const network = groups.slice(0, GROUPS / 2).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/** What an IPv6 address is written in. */
const GROUPS = 8;

/** IPv4 as a socket of both families writes it is IPv4. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

const LOOPBACK = ['127.0.0.0/8', '::1'];

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const family = isIP(address);
  if (family === 0) return undefined;
  return family === 4 ? 'ipv4' : 'ipv6';
}
