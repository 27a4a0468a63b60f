import type { DocumentRef } from '@throughline/kernel/ports';
import type {
  Attribute,
  ClaimRecorded,
  ContactJoined,
  Evidence,
  Identifier,
  Turn,
} from '@throughline/schemas/generated/messages';

/** A person with an account; a provisional one is an identifier, or a single contact, that nobody has claimed yet. */
export interface CustomerDocument {
  readonly customerId: string;
  readonly provisional: boolean;
  /** The known customer that a provisional one turned out to be. */
  readonly retiredInto: string | null;
  /** Id in the user's own CRM. */
  readonly externalId: string | null;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly region: string | null;
  readonly claims: readonly CustomerClaim[];
  /** What is known of the customer's cases: every one that is not closed, and the newest closed ones. */
  readonly cases: readonly CaseNote[];
  /** Where this customer was asked which case is meant, so that the answer of a later mail finds its way. */
  readonly choosing: readonly { readonly caseId: string; readonly homeCustomerId: string }[];
}

/** Evidence that an identifier belongs to the customer, as operators see it. */
export interface CustomerClaim {
  readonly claimId: string;
  readonly identifier: Identifier;
  readonly identifierId: string;
  readonly proof: Proof;
  readonly scope: Scope;
  readonly contactId: string | null;
  readonly atMs: number;
}

export type Proof = ClaimRecorded['proof'];
export type Scope = ClaimRecorded['scope'];
export type Disposition = ContactJoined['disposition'];
export type Channel = ContactJoined['channel'];

/** What identity keeps of a case: the newest notice, or version 0 from the moment it was given to a contact. */
export interface CaseNote {
  readonly caseId: string;
  readonly version: number;
  readonly status: 'open' | 'waiting' | 'resolved' | 'closed';
  readonly kind: string | null;
  /** Keyed hashes of the order numbers it is about. */
  readonly references: readonly string[];
  readonly continuedIn: string | null;
  readonly atMs: number;
}

/** Who claims an identifier. Its id is a keyed hash, so nothing in here is protected. */
export interface IdentifierDocument {
  readonly claims: readonly IdentifierClaim[];
  /** The step-up whose code a mail from this address may bring: every mail is a contact of its own. */
  readonly stepUpId: string | null;
}

export interface IdentifierClaim {
  readonly customerId: string;
  readonly claimId: string;
  readonly proof: Proof;
  readonly scope: Scope;
  /** Last activity under it, epoch milliseconds. */
  readonly lastSeenMs: number;
}

/** An identifier that a contact itself can show for certain (attested, aligned, signed); only such are ever linked. */
export interface Shown {
  readonly method: Evidence['method'];
  readonly identifier: Identifier;
  readonly identifierId: string;
}

/** What identity knows of a contact; sealed under the contact's own key. */
export interface ContactDocument {
  readonly contactId: string;
  readonly channel: Channel;
  readonly startedMs: number;
  readonly region: string;
  readonly origin: string;
  readonly originDigits: string | null;
  readonly connectionId: string | null;
  readonly route: string | null;
  readonly answerable: boolean;
  readonly expectsWords: boolean;
  readonly shown: readonly Shown[];
  /** The customer of the case that it is in: a provisional one until it has settled. */
  readonly homeCustomerId: string;
  /** The known customer, once it is known who this is (assurance 1 or more). */
  readonly customerId: string | null;
  readonly caseId: string;
  readonly hop: number;
  /** The case that it came from, if any. */
  readonly movedFrom: string | null;
  /** The turn that last changed the subject, if any did. */
  readonly changedBy: string | null;
  readonly assurance: number;
  /** Proofs of the person, not of a thing in their hands: two independent ones are assurance 3. */
  readonly proofs: readonly ('host-token' | 'code')[];
  readonly disposition: Disposition;
  readonly settled: boolean;
  /** How often the question which case is meant was not understood. */
  readonly misunderstood: number;
  /** Keyed hashes of the orders that it has named so far. */
  readonly orders: readonly string[];
  readonly stepUpId: string | null;
  /** How many step-ups it has begun. */
  readonly stepUps: number;
  /** The newest turns that identity has weighed. */
  readonly inputs: readonly string[];
  /** The newest turns themselves, to be sent along should the case refuse it. */
  readonly turns: readonly Turn[];
}

/** A one-time code that was asked for; sealed under the key of the contact that asked. */
export interface StepUpDocument {
  readonly stepUpId: string;
  readonly contactId: string;
  readonly caseId: string;
  readonly origin: string;
  readonly needed: number;
  /** Whom it proves; null where what was said belongs to nobody, or not to one person alone. */
  readonly customerId: string | null;
  /** The address on file that the code goes to. */
  readonly address: string | null;
  /** The identifiers that were said, as keyed hashes: the same said again is the same step-up. */
  readonly said: readonly string[];
  /** The limit that its mails count against, besides the origin's own. */
  readonly limitId: string;
  readonly startedMs: number;
  readonly tries: number;
  /** How many mails were asked for. */
  readonly mails: number;
  /** Whether the code went out in any of them; else it proves nobody. Documents without it are older: theirs counts as mailed. */
  readonly mailed?: boolean;
  readonly state: 'open' | 'proven' | 'expired' | 'exhausted' | 'replaced' | 'given-up';
}

/** When codes were asked for, epoch milliseconds, within the last hour. Holds nothing protected. */
export interface LimitDocument {
  readonly askedMs: readonly number[];
}

/** The documents by kind. */
export interface Documented {
  readonly customer: CustomerDocument;
  readonly identifier: IdentifierDocument;
  readonly contact: ContactDocument;
  readonly stepup: StepUpDocument;
  readonly limits: LimitDocument;
}

export type Kind = keyof Documented;

/** Looks one document up; undefined where there is none. */
export type Look = <K extends Kind>(kind: K, id: string) => Documented[K] | undefined;

/** Which key seals a document at rest: what names people is erased with them. */
export function keyOf(document: DocumentRef, content: unknown): string | undefined {
  if (document.kind === 'customer') return `customer:${document.id}`;
  if (document.kind === 'contact') return `contact:${document.id}`;
  if (document.kind === 'stepup') return `contact:${(content as StepUpDocument).contactId}`;
  return undefined;
}

/** Id of the limit on all codes that one origin asks for. */
export const originLimitId = (origin: string): string => `origin:${origin}`;

/** Id of the limit on codes that one origin asks for one address. As low as it is, it is never per address alone: a stranger could lock its owner out. */
export const addressLimitId = (origin: string, identifierId: string): string => `address:${origin}:${identifierId}`;

/** Id of the limit on codes that go to one mailbox, whoever asks. */
export const mailboxLimitId = (identifierId: string): string => `mailbox:${identifierId}`;
