import { timingSafeEqual } from 'node:crypto';
import type { Mac } from '@throughline/kernel/ports';
import type { Setup } from './frames.ts';
import type { Call } from './normalize.ts';

/** How many calls are remembered. A call that fell out is still known by its ticket. */
const REMEMBERED_MAX = 10_000;

/** A call as its relay may show it. */
export interface KnownCall extends Call {
  /** How often it has been connected before, as far as is known here; 0 for the first relay of the call. */
  readonly again: number;
}

/**
 * The calls of signed webhooks. The relay's handshake is signed, yet its signature is the same for every call; what binds a
 * relay to its call is a ticket: a keyed hash that the carrier hands back in `setup`, good on every gateway. For a carrier that
 * hands back nothing, this gateway remembers the calls that it was asked about itself.
 */
export interface Calls {
  /** The first webhook of a call counts: a repeated one, or one that says less, changes nothing. */
  announced(call: Call): Call;
  /** What the carrier is to hand back. Holds no number. */
  ticketOf(call: KnownCall): Readonly<Record<string, string>>;
  /** The call that a relay belongs to; undefined where no signed webhook spoke of it. */
  find(setup: Setup): KnownCall | undefined;
  /** The call is over. */
  forget(callSid: string): void;
}

export function createCalls(mac: Mac): Calls {
  const remembered = new Map<string, Call & { readonly hadRelay: boolean }>();
  const sealOf = ({ callSid, from, verstat, again }: KnownCall): string =>
    mac('voice-call', JSON.stringify([callSid, from, verstat, again]));

  function remember(call: Call, hadRelay: boolean): void {
    remembered.set(call.callSid, { ...call, hadRelay });
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
  }

  function shownBy({ callSid, from, customParameters }: Setup): KnownCall | undefined {
    const { verstat = '', again = '0', ticket } = customParameters;
    if (ticket !== undefined) {
      const shown = { callSid, from, verstat, again: Number(again) };
      return sameText(ticket, sealOf(shown)) ? shown : undefined;
    }
    const known = remembered.get(callSid);
    return known?.from === from ? { callSid, from, verstat: known.verstat, again: 0 } : undefined;
  }

  return {
    announced(call) {
      const known = remembered.get(call.callSid);
      if (known === undefined) remember(call, false);
      return known ?? call;
    },
    ticketOf: (call) => ({ verstat: call.verstat, again: String(call.again), ticket: sealOf(call) }),
    find(setup) {
      const call = shownBy(setup);
      if (call === undefined) return undefined;
      const isBack = remembered.get(call.callSid)?.hadRelay === true;
      remember({ callSid: call.callSid, from: call.from, verstat: call.verstat }, true);
      return isBack ? { ...call, again: Math.max(call.again, 1) } : call;
    },
    forget: (callSid) => void remembered.delete(callSid),
  };
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
