import { deriveId } from '@throughline/kernel/ids';
import { codeProof, oneTimeCode } from '@throughline/language/one-time-code';
import { NO_CLAIMS } from './customers.ts';
import {
  addressLimitId,
  type ContactDocument,
  type CustomerDocument,
  mailboxLimitId,
  originLimitId,
  type StepUpDocument,
} from './documents.ts';
import { stepUpAddressId } from './identifying.ts';
import type { Ledger } from './ledger.ts';
import { knownClaims } from './matching.ts';
import { TRIES_MAX, weighed } from './weighing.ts';

/** Codes that one origin may ask for in an hour: for one address, and in all. */
export const CODES_PER_ADDRESS = 3;
export const CODES_PER_ORIGIN = 10;
/** Codes that go to one mailbox in an hour, whoever asks: origins cost nothing to whoever has a domain or hides their number. */
export const CODES_PER_MAILBOX = 20;
const LIMIT_MS = 60 * 60_000;

/** Whom a code would prove, and the address on file that it goes to. */
export interface Target {
  readonly customerId: string;
  readonly address: string;
  readonly addressId: string;
}

/**
 * The address on file that a code may go to: one that is this customer's alone and not the one that the contact came from.
 * One that they named themselves is preferred. Undefined where there is none.
 */
export function targetOf(
  ledger: Ledger,
  contact: ContactDocument,
  customer: CustomerDocument,
  said: readonly string[],
): Target | undefined {
  const addresses = customer.claims.filter(
    ({ identifier, identifierId, scope }) =>
      identifier.type === 'email' &&
      scope === 'full' &&
      contact.shown.every((one) => one.identifierId !== identifierId) &&
      knownClaims({ identifierId }, ledger.look).every((claim) => claim.customerId === customer.customerId),
  );
  const chosen = addresses.find((claim) => said.includes(claim.identifierId)) ?? addresses[0];
  if (!chosen) return undefined;
  return { customerId: customer.customerId, address: chosen.identifier.value, addressId: chosen.identifierId };
}

/**
 * Asks for a one-time code. What the contact hears is the same whether anybody is on file or not, and also when the
 * limit per address or per mailbox holds the mail back; only the origin's own total may be told.
 */
export function askForCode(
  ledger: Ledger,
  contact: ContactDocument,
  ask: {
    readonly said: readonly string[];
    readonly target: Target | undefined;
    readonly needed: number;
    readonly inputId: string;
  },
): void {
  const { said, target, needed, inputId } = ask;
  const stepUpId = deriveId('stp', contact.contactId, String(contact.stepUps + 1));
  const begun = { stepUpId, contactId: contact.contactId, customerId: target?.customerId ?? null, needed };
  if (!countCode(ledger, originLimitId(contact.origin), CODES_PER_ORIGIN)) {
    ledger.write('contact', contact.contactId, { ...contact, stepUps: contact.stepUps + 1 });
    ledger.event('StepUpStarted', contact.contactId, { ...begun, sent: false, limited: true });
    weighed(ledger, contact, { inputId, verdict: 'code-limited' });
    return;
  }
  const limitId = addressLimitId(contact.origin, target?.addressId ?? said[0] ?? '');
  const isWithin = countMail(ledger, limitId, target?.addressId);
  endStepUp(ledger, contact.stepUpId, 'replaced');
  const sent = isWithin && target !== undefined;
  ledger.write('stepup', stepUpId, {
    ...begun,
    caseId: contact.caseId,
    origin: contact.origin,
    address: target?.address ?? null,
    said,
    limitId,
    startedMs: ledger.nowMs,
    tries: 0,
    mails: 1,
    mailed: sent,
    state: 'open',
  });
  const asking = { ...contact, stepUpId, stepUps: contact.stepUps + 1 };
  ledger.write('contact', contact.contactId, asking);
  awaitByMail(ledger, asking, stepUpId);
  ledger.event('StepUpStarted', contact.contactId, { ...begun, sent, limited: !isWithin });
  requestCode(ledger, asking, stepUpId, isWithin ? (target?.address ?? null) : null, 1);
  weighed(ledger, asking, { inputId, verdict: 'code-sent' });
}

/** Sends the code of an open step-up once more: the same code, another mail. */
export function sendAgain(ledger: Ledger, contact: ContactDocument, stepUp: StepUpDocument, inputId: string): void {
  const { stepUpId, customerId, needed } = stepUp;
  if (!countCode(ledger, originLimitId(contact.origin), CODES_PER_ORIGIN)) {
    weighed(ledger, contact, { inputId, verdict: 'code-limited' });
    return;
  }
  const isWithin = countMail(ledger, stepUp.limitId, stepUpAddressId(ledger.mac, stepUp));
  const mails = stepUp.mails + 1;
  const sent = isWithin && stepUp.address !== null;
  ledger.write('stepup', stepUpId, { ...stepUp, mails, mailed: sent || isMailed(stepUp) });
  ledger.event('StepUpStarted', contact.contactId, {
    stepUpId,
    contactId: contact.contactId,
    customerId,
    needed,
    sent,
    limited: !isWithin,
  });
  requestCode(ledger, contact, stepUpId, isWithin ? stepUp.address : null, mails);
  weighed(ledger, contact, { inputId, verdict: 'code-sent' });
}

/** Whom a right code proves, and the address on file that it came to. */
export type Proven = Pick<Target, 'customerId' | 'address'>;

/** What came of a try: who is proven, if anybody. Everything else has been said to the case already. */
export function tryCode(
  ledger: Ledger,
  contact: ContactDocument,
  stepUp: StepUpDocument,
  turn: { readonly inputId: string; readonly codeProofs: readonly string[] },
): Proven | undefined {
  const { stepUpId, customerId, address } = stepUp;
  // Every number in the turn is a try of its own: a turn may not hold more guesses than there are tries.
  const guesses = [...new Set(turn.codeProofs)].slice(0, TRIES_MAX - stepUp.tries);
  const right = codeProof(ledger.mac, contact.contactId, oneTimeCode(ledger.mac, stepUpId));
  // A limit on mails is one on guesses too only if a code that was held back can be nobody's: its owner would not hear of them.
  const isProof = isMailed(stepUp) && guesses.includes(right);
  const isRight = customerId !== null && address !== null && isProof;
  const tries = stepUp.tries + guesses.length;
  const outcome = isRight ? 'proven' : tries >= TRIES_MAX ? 'exhausted' : 'wrong';
  const ended = { ...stepUp, tries, state: outcome === 'wrong' ? stepUp.state : outcome };
  ledger.write('stepup', stepUpId, ended);
  ledger.event('StepUpEnded', contact.contactId, { stepUpId, contactId: contact.contactId, outcome, tries });
  if (isRight) return { customerId, address };
  weighed(ledger, contact, { inputId: turn.inputId, verdict: outcome === 'wrong' ? 'code-wrong' : 'code-exhausted' });
  return undefined;
}

/** Ends an open step-up that was not proven; one that is over already stays as it is. */
export function endStepUp(ledger: Ledger, stepUpId: string | null, state: 'expired' | 'replaced' | 'given-up'): void {
  const stepUp = stepUpId === null ? undefined : ledger.look('stepup', stepUpId);
  if (stepUp?.state !== 'open') return;
  const { contactId, tries } = stepUp;
  ledger.write('stepup', stepUp.stepUpId, { ...stepUp, state });
  ledger.event('StepUpEnded', contactId, { stepUpId: stepUp.stepUpId, contactId, outcome: 'expired', tries });
}

const isMailed = ({ mailed = true }: StepUpDocument): boolean => mailed;

function awaitByMail(ledger: Ledger, contact: ContactDocument, stepUpId: string): void {
  const [address] = contact.shown;
  if (contact.channel !== 'email' || !address) return;
  const document = ledger.look('identifier', address.identifierId) ?? NO_CLAIMS;
  ledger.write('identifier', address.identifierId, { ...document, stepUpId });
}

function requestCode(
  ledger: Ledger,
  contact: ContactDocument,
  stepUpId: string,
  to: string | null,
  mail: number,
): void {
  const { contactId, caseId, channel, originDigits } = contact;
  const mailId = deriveId('mail', stepUpId, String(mail));
  ledger.tell('MailRequested', {
    contactId,
    caseId,
    mailId,
    kind: 'code',
    to,
    stepUpId,
    claimId: null,
    customerId: null,
    channel,
    digits: originDigits,
  });
}

/** Counts one mail against the origin's limit for the address and that of the mailbox, where there is one. False where either is reached. */
function countMail(ledger: Ledger, limitId: string, addressId: string | undefined): boolean {
  if (!countCode(ledger, limitId, CODES_PER_ADDRESS)) return false;
  return addressId === undefined || countCode(ledger, mailboxLimitId(addressId), CODES_PER_MAILBOX);
}

/** Counts one code against a limit. False where the limit is reached; what is refused does not count. */
function countCode(ledger: Ledger, limitId: string, max: number): boolean {
  const asked = (ledger.look('limits', limitId)?.askedMs ?? []).filter((atMs) => ledger.nowMs - atMs < LIMIT_MS);
  if (asked.length >= max) return false;
  ledger.write('limits', limitId, { askedMs: [...asked, ledger.nowMs] });
  return true;
}
