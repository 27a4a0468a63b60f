import { deriveId } from '@throughline/kernel/ids';
import type { Mac } from '@throughline/kernel/ports';
import { lastTwoDigits, normalizePhone } from '@throughline/language/identifiers';
import { codeProof } from '@throughline/language/one-time-code';
import { maskTurn } from '@throughline/language/redact';
import type { ContactStarted, Turn } from '@throughline/schemas/generated/messages';

/** What the carrier said of a call in a signed webhook. */
export interface Call {
  readonly callSid: string;
  /** As the carrier writes it: E.164, or a word for a withheld number; empty where there is none. */
  readonly from: string;
  /** The carrier's STIR/SHAKEN verdict (`StirVerstat`); empty where there is none. */
  readonly verstat: string;
}

/** The one verdict by which a number counts as the caller's: verified, and signed by a carrier that knows the caller's right to it. */
const ATTESTED = 'TN-Validation-Passed-A';

/** A call is one contact, however often its relay connects. */
export const contactIdOf = (callSid: string): string => deriveId('ctc', 'voice', callSid);

/** What a call is to the mesh. Withheld, invalid and not fully attested numbers are no evidence: such a caller is unknown until proven. */
export function contactOf(
  call: Call,
  made: { readonly connectionId: string; readonly startedMs: number; readonly region: string; readonly mac: Mac },
): ContactStarted {
  const { connectionId, startedMs, region, mac } = made;
  const number = normalizePhone(call.from, region);
  const attested = number.ok && call.verstat === ATTESTED ? number.value : undefined;
  return {
    contactId: contactIdOf(call.callSid),
    channel: 'voice',
    startedMs,
    connectionId,
    route: null,
    answerable: true,
    expectsWords: true,
    region,
    origin: mac('origin', `voice:${attested ?? call.callSid}`),
    originDigits: number.ok ? lastTwoDigits(number.value) : null,
    evidence:
      attested === undefined
        ? []
        : [
            {
              method: 'caller-id',
              grade: 'proven',
              identifier: { type: 'phone', value: attested },
              seenMs: startedMs,
            },
          ],
    turn: null,
    subjectLine: null,
  };
}

/** What the ears of a call know when words come in. */
export interface Hearing {
  readonly contactId: string;
  /** This connection of the call's relay: another one counts its turns from 1 again. */
  readonly connectionId: string;
  /** Which turn of the connection this is. */
  readonly ordinal: number;
  readonly atMs: number;
  readonly codeAwaited: boolean;
  /** What the turn before left of a card number; see `redact`. */
  readonly carry: string;
  readonly region: string;
  readonly mac: Mac;
}

/** One turn of a call, as it was said, with cards masked always and six-digit numbers while a code is awaited. */
export function turnOf(
  said: string,
  kind: 'said' | 'pressed',
  hearing: Hearing,
): { readonly turn: Turn; readonly carry: string } {
  const { contactId, connectionId, ordinal, atMs, mac } = hearing;
  const { text, carry, codes, masked } = maskTurn(said, hearing);
  const turn: Turn = {
    inputId: deriveId('inp', contactId, connectionId, String(ordinal)),
    text,
    kind,
    atMs,
    codeProofs: codes.map((digits) => codeProof(mac, contactId, digits)),
    masked,
    attachments: [],
  };
  return { turn, carry };
}
