// Written by `pnpm generate` from schemas/avro. Change the .avsc files and run it again.

import type { Message } from '@throughline/kernel/envelope';

/** The bodies of case.events.v1 by record name. */
export interface CaseEventBodies {
  readonly ActionRequested: ActionRequested;
  readonly ActionUpdated: ActionUpdated;
  readonly CaseOpened: CaseOpened;
  readonly CaseOwned: CaseOwned;
  readonly CaseShown: CaseShown;
  readonly ContactBriefed: ContactBriefed;
  readonly ContactCaughtUp: ContactCaughtUp;
  readonly ContactEnded: ContactEnded;
  readonly ContactHeld: ContactHeld;
  readonly ContactMoved: ContactMoved;
  readonly DeliveryRecorded: DeliveryRecorded;
  readonly FactRecorded: FactRecorded;
  readonly InteractionAdded: InteractionAdded;
  readonly MailDue: MailDue;
  readonly PromiseEnded: PromiseEnded;
  readonly PromiseMade: PromiseMade;
  readonly QuestionAnswered: QuestionAnswered;
  readonly QuestionAsked: QuestionAsked;
  readonly ReplyAccepted: ReplyAccepted;
  readonly ReplyRefused: ReplyRefused;
  readonly StatusChanged: StatusChanged;
  readonly TurnTaken: TurnTaken;
}

/** A message of case.events.v1; `type` tells which. */
export type CaseEvent =
  | Message<'ActionRequested', ActionRequested>
  | Message<'ActionUpdated', ActionUpdated>
  | Message<'CaseOpened', CaseOpened>
  | Message<'CaseOwned', CaseOwned>
  | Message<'CaseShown', CaseShown>
  | Message<'ContactBriefed', ContactBriefed>
  | Message<'ContactCaughtUp', ContactCaughtUp>
  | Message<'ContactEnded', ContactEnded>
  | Message<'ContactHeld', ContactHeld>
  | Message<'ContactMoved', ContactMoved>
  | Message<'DeliveryRecorded', DeliveryRecorded>
  | Message<'FactRecorded', FactRecorded>
  | Message<'InteractionAdded', InteractionAdded>
  | Message<'MailDue', MailDue>
  | Message<'PromiseEnded', PromiseEnded>
  | Message<'PromiseMade', PromiseMade>
  | Message<'QuestionAnswered', QuestionAnswered>
  | Message<'QuestionAsked', QuestionAsked>
  | Message<'ReplyAccepted', ReplyAccepted>
  | Message<'ReplyRefused', ReplyRefused>
  | Message<'StatusChanged', StatusChanged>
  | Message<'TurnTaken', TurnTaken>;

/** The bodies of case.inputs.v1 by record name. */
export interface CaseInputBodies {
  readonly ActionReported: ActionReported;
  readonly CaseLooked: CaseLooked;
  readonly ContactJoined: ContactJoined;
  readonly ContactLeft: ContactLeft;
  readonly ContactReconnected: ContactReconnected;
  readonly CustomerSaid: CustomerSaid;
  readonly Delivered: Delivered;
  readonly MailRequested: MailRequested;
  readonly MoveDecided: MoveDecided;
  readonly OwnerProven: OwnerProven;
  readonly RedriveRequested: RedriveRequested;
  readonly ReplyProposed: ReplyProposed;
  readonly TimerFired: TimerFired;
  readonly TurnWeighed: TurnWeighed;
}

/** A message of case.inputs.v1; `type` tells which. */
export type CaseInput =
  | Message<'ActionReported', ActionReported>
  | Message<'CaseLooked', CaseLooked>
  | Message<'ContactJoined', ContactJoined>
  | Message<'ContactLeft', ContactLeft>
  | Message<'ContactReconnected', ContactReconnected>
  | Message<'CustomerSaid', CustomerSaid>
  | Message<'Delivered', Delivered>
  | Message<'MailRequested', MailRequested>
  | Message<'MoveDecided', MoveDecided>
  | Message<'OwnerProven', OwnerProven>
  | Message<'RedriveRequested', RedriveRequested>
  | Message<'ReplyProposed', ReplyProposed>
  | Message<'TimerFired', TimerFired>
  | Message<'TurnWeighed', TurnWeighed>;

/** The bodies of identity.events.v1 by record name. */
export interface IdentityEventBodies {
  readonly ClaimRecorded: ClaimRecorded;
  readonly ClaimRevoked: ClaimRevoked;
  readonly ContactIdentified: ContactIdentified;
  readonly ContactRerouted: ContactRerouted;
  readonly CustomerRecorded: CustomerRecorded;
  readonly CustomerRetired: CustomerRetired;
  readonly StepUpEnded: StepUpEnded;
  readonly StepUpStarted: StepUpStarted;
}

/** A message of identity.events.v1; `type` tells which. */
export type IdentityEvent =
  | Message<'ClaimRecorded', ClaimRecorded>
  | Message<'ClaimRevoked', ClaimRevoked>
  | Message<'ContactIdentified', ContactIdentified>
  | Message<'ContactRerouted', ContactRerouted>
  | Message<'CustomerRecorded', CustomerRecorded>
  | Message<'CustomerRetired', CustomerRetired>
  | Message<'StepUpEnded', StepUpEnded>
  | Message<'StepUpStarted', StepUpStarted>;

/** The bodies of identity.inputs.v1 by record name. */
export interface IdentityInputBodies {
  readonly CaseNoticed: CaseNoticed;
  readonly ContactResumed: ContactResumed;
  readonly ContactSeen: ContactSeen;
  readonly ContactStarted: ContactStarted;
  readonly CustomerSubmitted: CustomerSubmitted;
  readonly IssueChanged: IssueChanged;
  readonly JoinRefused: JoinRefused;
  readonly RedriveRequested: RedriveRequested;
  readonly RevocationRequested: RevocationRequested;
  readonly StepUpRequested: StepUpRequested;
  readonly TimerFired: TimerFired;
  readonly TurnOffered: TurnOffered;
}

/** A message of identity.inputs.v1; `type` tells which. */
export type IdentityInput =
  | Message<'CaseNoticed', CaseNoticed>
  | Message<'ContactResumed', ContactResumed>
  | Message<'ContactSeen', ContactSeen>
  | Message<'ContactStarted', ContactStarted>
  | Message<'CustomerSubmitted', CustomerSubmitted>
  | Message<'IssueChanged', IssueChanged>
  | Message<'JoinRefused', JoinRefused>
  | Message<'RedriveRequested', RedriveRequested>
  | Message<'RevocationRequested', RevocationRequested>
  | Message<'StepUpRequested', StepUpRequested>
  | Message<'TimerFired', TimerFired>
  | Message<'TurnOffered', TurnOffered>;

/** What a backend did. */
export interface ActionReported {
  /** The case. */
  readonly caseId: string;
  /** The action. */
  readonly actionId: string;
  /** What came of it. */
  readonly outcome: 'done' | 'pending' | 'failed';
  /** What it said. */
  readonly facts: readonly Fact[];
  /** For people. */
  readonly note: string | null;
  /** When it says it will be done. */
  readonly promiseDueMs: number | null;
  /** Answered at once, or reported later. */
  readonly by: 'runner' | 'backend';
  /** The same report is taken once. */
  readonly reportId: string;
  /** When, epoch milliseconds. */
  readonly atMs: number;
}

/** A backend action is to run. */
export interface ActionRequested {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** Hash of customer, action, bound parameters and attempt; the idempotency key. */
  readonly actionId: string;
  /** Name in the actions file. */
  readonly name: string;
  /** Whether it changes anything. */
  readonly effect: 'read' | 'write';
  /** Which attempt. */
  readonly attempt: string;
  /** For whom. */
  readonly customerId: string;
  /** The customer's id in the CRM. */
  readonly externalId: string | null;
  /** Parameters from facts. */
  readonly parameters: readonly Attribute[];
  /** The contact that asked. */
  readonly contactId: string;
  /** The turn that asked. */
  readonly inputId: string;
}

/** Where a backend action stands. */
export interface ActionState {
  /** Hash of customer, action, bound parameters and attempt. */
  readonly actionId: string;
  /** Name in the actions file. */
  readonly name: string;
  /** Whether it changes anything. */
  readonly effect: 'read' | 'write';
  /** Where it stands. */
  readonly state: 'requested' | 'pending' | 'done' | 'failed';
  /** Rises after a terminal failure; for reads, the turn that asked. */
  readonly attempt: string;
  /** What the backend said about it, for people. */
  readonly note: string | null;
  /** Since when, epoch milliseconds. */
  readonly atMs: number;
}

/** A backend action has come further. */
export interface ActionUpdated {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** Where it stands. */
  readonly action: ActionState;
  /** Who reported it. */
  readonly by: 'runner' | 'backend';
}

/** A file that came with a turn; its bytes are in the blob store. */
export interface Attachment {
  /** File name as sent. */
  readonly name: string;
  /** Media type as sent. */
  readonly mediaType: string;
  /** Size in bytes. */
  readonly sizeBytes: number;
  /** SHA-256 of the sealed bytes, their name in the blob store. */
  readonly blob: string;
}

/** A named value. */
export interface Attribute {
  /** Name of the value. */
  readonly name: string;
  /** The value as text. */
  readonly value: string;
}

/** One turn of the thread as a contact may hear of it. */
export interface BriefedTurn {
  /** Entry number in the case. */
  readonly number: number;
  /** The turn, where a customer made it. */
  readonly inputId: string | null;
  /** On which contact. */
  readonly contactId: string;
  /** On which channel. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** Who said it. */
  readonly from: 'customer' | 'agent' | 'person';
  /** What was said. */
  readonly text: string;
  /** When, epoch milliseconds. */
  readonly atMs: number;
}

/** What a contact is given of a case: bounded, and decided by the load policy. */
export interface Briefing {
  /** Status of the case. */
  readonly status: 'open' | 'waiting' | 'resolved' | 'closed';
  /** Kind of matter: refund, order or other. */
  readonly kind: string | null;
  /** A person has been asked to look at it. */
  readonly needsPerson: boolean;
  /** Facts that this contact may use. */
  readonly facts: readonly Fact[];
  /** Names of facts that are known but withheld: never asked again, never said. */
  readonly knownFacts: readonly string[];
  /** The open question. */
  readonly question: Question | null;
  /** Open promises. */
  readonly promises: readonly CasePromise[];
  /** The newest actions. */
  readonly actions: readonly ActionState[];
  /** Turns of this contact that no reply has answered, oldest first. */
  readonly unanswered: readonly BriefedTurn[];
  /** What was said on other contacts since this one was last replied to, as far as it may be heard. */
  readonly news: readonly BriefedTurn[];
  /** How many such turns it may not hear. */
  readonly newsWithheld: number;
  /** The newest turns before those, as far as they may be heard. */
  readonly recent: readonly BriefedTurn[];
  /** Nothing has been said to this contact yet. */
  readonly firstWords: boolean;
  /** Facts asked of this contact so far, once for each time. */
  readonly asked: readonly string[];
}

/** A person looks at a case. */
export interface CaseLooked {
  /** The case. */
  readonly caseId: string;
  /** The look. */
  readonly lookId: string;
  /** Who looks. */
  readonly operator: string;
}

/** What identity keeps of a case: the highest version wins. */
export interface CaseNoticed {
  /** The case. */
  readonly caseId: string;
  /** Its customer. */
  readonly customerId: string;
  /** Number of the case's newest entry. */
  readonly version: number;
  /** Its status. */
  readonly status: 'open' | 'waiting' | 'resolved' | 'closed';
  /** Kind of matter. */
  readonly kind: string | null;
  /** Keyed hashes of the order numbers it is about. */
  readonly references: readonly string[];
  /** The case that continues it. */
  readonly continuedIn: string | null;
  /** As of, epoch milliseconds. */
  readonly atMs: number;
}

/** A case began. */
export interface CaseOpened {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** Its customer. */
  readonly customerId: string;
  /** Its contact has not settled. */
  readonly provisional: boolean;
  /** Where it was opened. */
  readonly channel: 'chat' | 'voice' | 'email';
}

/** A provisional case has a proven customer. */
export interface CaseOwned {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** The customer. */
  readonly customerId: string;
  /** The provisional one. */
  readonly formerCustomerId: string;
}

/** A commitment made to the customer. */
export interface CasePromise {
  /** Derived from the case and what made it. */
  readonly promiseId: string;
  /** What was promised. */
  readonly text: string;
  /** What it may do if it leaks. */
  readonly sensitivity: 'status' | 'personal' | 'financial' | 'secret';
  /** When it falls due, epoch milliseconds. */
  readonly dueMs: number | null;
  /** Where it stands. */
  readonly state: 'open' | 'kept' | 'broken';
  /** When it was made, epoch milliseconds. */
  readonly atMs: number;
}

/** A person looked at the case. */
export interface CaseShown {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The look. */
  readonly lookId: string;
  /** Who looked. */
  readonly operator: string;
  /** Version of the policy. */
  readonly policy: string;
}

/** An identifier belongs to a customer, on this proof. */
export interface ClaimRecorded {
  /** The claim. */
  readonly claimId: string;
  /** Whose it is. */
  readonly customerId: string;
  /** The identifier. */
  readonly identifier: Identifier;
  /** How it was proven. */
  readonly proof: 'import' | 'code' | 'host-token' | 'provisional';
  /** What it may open: status alone, or what its assurance allows. */
  readonly scope: 'full' | 'status';
  /** The contact that proved it. */
  readonly contactId: string | null;
}

/** A claim was taken back. */
export interface ClaimRevoked {
  /** The claim. */
  readonly claimId: string;
  /** Whose it was. */
  readonly customerId: string;
  /** Why. */
  readonly because: string;
}

/** A contact loaded the case, or is due a reply: what it was given, what was withheld and why. The agent answers to this and knows nothing else. */
export interface ContactBriefed {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** Its channel. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** What led to it. */
  readonly cause: 'joined' | 'turn' | 'weighed' | 'stale' | 'action';
  /** The turn to answer, or joining. */
  readonly inputId: string;
  /** Which home of the contact this is. */
  readonly hop: number;
  /** What identity decided. */
  readonly disposition: 'resumed' | 'choose' | 'verify' | 'opened' | 'unmatched';
  /** 0 to 3. */
  readonly assurance: number;
  /** Whether turns go straight to the agent. */
  readonly settled: boolean;
  /** A one-time code is awaited. */
  readonly codeAwaited: boolean;
  /** What identity made of the turn. */
  readonly verdict:
    | 'nothing-found'
    | 'code-sent'
    | 'code-limited'
    | 'code-wrong'
    | 'code-expired'
    | 'code-exhausted'
    | 'no-address'
    | 'proven'
    | 'which-case'
    | null;
  /** Tries left at the code. */
  readonly triesLeft: number;
  /** The connection that asked. */
  readonly connectionId: string | null;
  /** The agent is to speak. */
  readonly replyDue: boolean;
  /** Number of the newest entry that counts for a reply. */
  readonly basis: number;
  /** What it was given. */
  readonly briefing: Briefing;
  /** What was given and withheld. */
  readonly receipt: Receipt;
}

/** A connection that came back: where its contact stands and what it missed. */
export interface ContactCaughtUp {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** The connection that asked. */
  readonly connectionId: string;
  /** Which home this is. */
  readonly hop: number;
  /** What identity decided. */
  readonly disposition: 'resumed' | 'choose' | 'verify' | 'opened' | 'unmatched';
  /** 0 to 3. */
  readonly assurance: number;
  /** Whether it has settled. */
  readonly settled: boolean;
  /** A one-time code is awaited. */
  readonly codeAwaited: boolean;
  /** The turn that identity still weighs. */
  readonly unanswered: string | null;
  /** What was said after the id it has, oldest first. */
  readonly frames: readonly Frame[];
}

/** A contact ended. */
export interface ContactEnded {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** Its channel. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** How. */
  readonly reason: 'left' | 'hung-up' | 'idle' | 'done';
}

/** What a contact said is held behind a record that could not be handled; a control record without a number. */
export interface ContactHeld {
  /** The case. */
  readonly caseId: string;
  /** Always 0: no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact, where it is known. */
  readonly contactId: string | null;
}

/** Who is on a contact, how sure that is and which case it was given. */
export interface ContactIdentified {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** Its channel. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** The customer, provisional or not. */
  readonly customerId: string;
  /** Nobody has claimed this customer yet. */
  readonly provisional: boolean;
  /** 0 to 3. */
  readonly assurance: number;
  /** What was decided. */
  readonly disposition: 'resumed' | 'choose' | 'verify' | 'opened' | 'unmatched';
  /** The reasons, one clause each, without protected values. */
  readonly because: readonly string[];
}

/** A contact comes to a case: this is where a load begins. */
export interface ContactJoined {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** The customer. */
  readonly customerId: string;
  /** The customer's id in the CRM. */
  readonly externalId: string | null;
  /** The case is provisional: its contact has not settled. */
  readonly provisional: boolean;
  /** Its channel. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** When the contact started, epoch milliseconds. */
  readonly startedMs: number;
  /** The connection that asked, so that its gateway knows the answer. */
  readonly connectionId: string | null;
  /** How to reach this contact, in the words of its own channel; opaque to everybody else. */
  readonly route: string | null;
  /** Whether anything may be sent to it (mail that fails DMARC, auto-replies and bounces are not answered). */
  readonly answerable: boolean;
  /** Whether it waits for words before it says anything (a phone call). */
  readonly expectsWords: boolean;
  /** The case is to be opened if it does not exist. */
  readonly opens: boolean;
  /** 0 to 3. */
  readonly assurance: number;
  /** What identity decided. */
  readonly disposition: 'resumed' | 'choose' | 'verify' | 'opened' | 'unmatched';
  /** Turns of a contact that has not settled are weighed by identity. */
  readonly settled: boolean;
  /** How many homes this contact has had; the highest is the one that counts. */
  readonly hop: number;
  /** The reasons. */
  readonly because: readonly string[];
  /** The first interaction. */
  readonly turn: Turn | null;
  /** A one-time code is awaited from this contact. */
  readonly codeAwaited: boolean;
  /** The case that it comes from. */
  readonly movedFrom: string | null;
  /** The case that it comes from goes on without it and is no part of this one: only the subject has changed. */
  readonly formerGoesOn: boolean;
  /** Facts said there. */
  readonly carriedFacts: readonly Fact[];
  /** Turns said there that nobody has answered. */
  readonly carriedTurns: readonly BriefedTurn[];
  /** Turns taken there, so that one sent again stays the same. */
  readonly takenInputs: readonly string[];
}

/** A contact ended. */
export interface ContactLeft {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** How. */
  readonly reason: 'left' | 'hung-up' | 'idle' | 'done';
  /** When, epoch milliseconds. */
  readonly atMs: number;
}

/** A contact found its true home. */
export interface ContactMoved {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** The case it went to. */
  readonly toCaseId: string;
  /** Which home that is. */
  readonly hop: number;
  /** The turn that settled it. */
  readonly inputId: string | null;
}

/** A connection of a contact came back. */
export interface ContactReconnected {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** The new connection. */
  readonly connectionId: string;
  /** Whether it asks for what was said meanwhile. */
  readonly wantsFrames: boolean;
  /** The last said id it has. */
  readonly after: string | null;
  /** Which home this is. */
  readonly hop: number;
}

/** A contact was given another case. */
export interface ContactRerouted {
  /** The contact. */
  readonly contactId: string;
  /** The case it leaves. */
  readonly fromCaseId: string;
  /** The case it joins. */
  readonly toCaseId: string;
  /** The customer it belongs to now. */
  readonly customerId: string;
  /** Why. */
  readonly because: string;
}

/** A connection of a contact came back and asks where it stands. */
export interface ContactResumed {
  /** The contact. */
  readonly contactId: string;
  /** The new connection. */
  readonly connectionId: string;
  /** Whether it asks for what was said meanwhile. */
  readonly wantsFrames: boolean;
  /** The last said id it has; null asks for all. */
  readonly after: string | null;
}

/** When a contact was last active, told when it ends. */
export interface ContactSeen {
  /** The contact. */
  readonly contactId: string;
  /** Epoch milliseconds. */
  readonly lastActiveMs: number;
}

/** A contact began; it carries its first interaction where there is one. */
export interface ContactStarted {
  /** The contact. */
  readonly contactId: string;
  /** Its channel. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** When the contact started, epoch milliseconds. */
  readonly startedMs: number;
  /** The connection that asked, so that its gateway knows the answer. */
  readonly connectionId: string | null;
  /** How to reach this contact, in the words of its own channel; opaque to everybody else. */
  readonly route: string | null;
  /** Whether anything may be sent to it (mail that fails DMARC, auto-replies and bounces are not answered). */
  readonly answerable: boolean;
  /** Whether it waits for words before it says anything (a phone call). */
  readonly expectsWords: boolean;
  /** Region for numbers said without a country code, such as US. */
  readonly region: string | null;
  /** Keyed hash of where it came from (number, client address, sender), for limits. */
  readonly origin: string;
  /** Last two digits of the calling number, for the code mail. */
  readonly originDigits: string | null;
  /** What the channel can show for who this is. */
  readonly evidence: readonly Evidence[];
  /** The first interaction. */
  readonly turn: Turn | null;
  /** Subject of a mail. */
  readonly subjectLine: string | null;
}

/** A submitted customer was taken, or not. */
export interface CustomerRecorded {
  /** The customer. */
  readonly customerId: string;
  /** The import. */
  readonly batchId: string;
  /** Line in the import. */
  readonly line: number;
  /** What happened. */
  readonly outcome: 'added' | 'changed' | 'unchanged' | 'rejected';
  /** Why it was rejected. */
  readonly reason: string | null;
}

/** A provisional customer turned out to be a known one. */
export interface CustomerRetired {
  /** The provisional customer. */
  readonly customerId: string;
  /** The known one. */
  readonly into: string;
}

/** A turn of a contact. */
export interface CustomerSaid {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** The turn. */
  readonly turn: Turn;
}

/** A customer record of the user's own CRM. */
export interface CustomerSubmitted {
  /** Derived from the external id. */
  readonly customerId: string;
  /** The import it belongs to. */
  readonly batchId: string;
  /** Its line in the import, from 1. */
  readonly line: number;
  /** Id in the CRM. */
  readonly externalId: string;
  /** Name, may be empty. */
  readonly name: string;
  /** Normalised identifiers on file. */
  readonly identifiers: readonly Identifier[];
  /** Other attributes. */
  readonly attributes: readonly Attribute[];
  /** Region of the customer. */
  readonly region: string | null;
}

/** What a channel did with something that was said. */
export interface Delivered {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** What was to be delivered. */
  readonly entryId: string;
  /** What came of it. */
  readonly outcome: 'delivered' | 'interrupted' | 'undeliverable' | 'suppressed';
  /** A code, without protected values. */
  readonly detail: string | null;
  /** When, epoch milliseconds. */
  readonly atMs: number;
}

/** A channel delivered something, or could not. */
export interface DeliveryRecorded {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** What. */
  readonly entryId: string;
  /** What came of it. */
  readonly outcome: 'delivered' | 'interrupted' | 'undeliverable' | 'suppressed';
  /** A code. */
  readonly detail: string | null;
}

/** One thing that a channel can show for who is on a contact. */
export interface Evidence {
  /** How it was shown. */
  readonly method:
    | 'caller-id'
    | 'dmarc'
    | 'session'
    | 'host-token'
    | 'case-token'
    | 'thread-reference'
    | 'revocation-token'
    | 'hint';
  /** Whether it held: proven (attested A, aligned, valid and fresh), failed, stale (a session that idled) or not shown at all. */
  readonly grade: 'proven' | 'failed' | 'stale' | 'none';
  /** What it points at. */
  readonly identifier: Identifier;
  /** When the evidence was issued or last used, epoch milliseconds. */
  readonly seenMs: number | null;
}

/** A known value of a case. */
export interface Fact {
  /** Name in snake_case, such as order_number. */
  readonly name: string;
  /** The value as text. */
  readonly value: string;
  /** What it may do if it leaks. */
  readonly sensitivity: 'status' | 'personal' | 'financial' | 'secret';
  /** Assurance of the contact that it came from, 0 to 3; what a backend said counts as 0. */
  readonly assurance: number;
  /** Who said so. */
  readonly source: 'customer' | 'backend' | 'agent';
  /** When, epoch milliseconds. */
  readonly atMs: number;
}

/** A fact became known. */
export interface FactRecorded {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** Where it came from. */
  readonly contactId: string | null;
  /** The fact. */
  readonly fact: Fact;
}

/** Something said in a contact, for a client that was away. */
export interface Frame {
  /** Id of what was said. */
  readonly entryId: string;
  /** Entry number in its case. */
  readonly number: number;
  /** Who said it. */
  readonly from: 'customer' | 'agent' | 'person';
  /** The words. */
  readonly text: string;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** Id of what the customer said, or of what it answers; null in older records. */
  readonly inputId: string | null;
}

/** A normalised way to point at somebody. */
export interface Identifier {
  /** What kind of identifier this is. */
  readonly type: 'phone' | 'email' | 'session' | 'account' | 'case';
  /** E.164 number, lower-case mail address, session id, external account id or case id. */
  readonly value: string;
}

/** A customer said something. */
export interface InteractionAdded {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** Its channel. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** Id of the interaction. */
  readonly entryId: string;
  /** What was said. */
  readonly turn: Turn;
  /** What it may do if it leaks. */
  readonly sensitivity: 'status' | 'personal' | 'financial' | 'secret';
  /** Assurance when it was said. */
  readonly assurance: number;
}

/** A settled contact has changed the subject: what it says now belongs to another case. */
export interface IssueChanged {
  /** The contact. */
  readonly contactId: string;
  /** The case that it is in. */
  readonly caseId: string;
  /** The turn that changed it. */
  readonly inputId: string;
  /** Keyed hashes of the orders that its unanswered turns name, save the order of the case that it is in. */
  readonly references: readonly string[];
}

/** A case was closed when a contact came to join it; identity routes again. */
export interface JoinRefused {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** The case that continues it. */
  readonly continuedIn: string | null;
}

/** A mail about an identifier is to be sent. */
export interface MailDue {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** The mail; sent once. */
  readonly mailId: string;
  /** Which. */
  readonly kind: 'code' | 'number-linked';
  /** Address on file; null where there is nobody to write to. */
  readonly to: string | null;
  /** The step-up whose code it brings. */
  readonly stepUpId: string | null;
  /** The claim that it tells of. */
  readonly claimId: string | null;
  /** Whose claim it is. */
  readonly customerId: string | null;
  /** The channel that asked. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** Last two digits of the number that asked. */
  readonly digits: string | null;
}

/** Identity asks for a mail about an identifier: a one-time code or a notice. */
export interface MailRequested {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** Derived from what it is about; the same mail is sent once. */
  readonly mailId: string;
  /** Which mail. */
  readonly kind: 'code' | 'number-linked';
  /** Address on file; null where there is nobody to write to. */
  readonly to: string | null;
  /** The step-up whose code it brings. */
  readonly stepUpId: string | null;
  /** The claim that it tells of. */
  readonly claimId: string | null;
  /** Whose claim it is. */
  readonly customerId: string | null;
  /** The channel that asked. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** Last two digits of the number that asked. */
  readonly digits: string | null;
}

/** Identity has decided that a contact of this case belongs to another case. A provisional case is continued there; any other goes on without the contact. */
export interface MoveDecided {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** Where it belongs. */
  readonly toCaseId: string;
  /** The customer there. */
  readonly customerId: string;
  /** The customer's id in the CRM. */
  readonly externalId: string | null;
  /** The case is to be opened if it does not exist. */
  readonly opens: boolean;
  /** 0 to 3. */
  readonly assurance: number;
  /** What identity decided. */
  readonly disposition: 'resumed' | 'choose' | 'verify' | 'opened' | 'unmatched';
  /** Which home this will be. */
  readonly hop: number;
  /** The reasons. */
  readonly because: readonly string[];
  /** The turn that settled it. */
  readonly inputId: string | null;
  /** The case is provisional. */
  readonly provisional: boolean;
}

/** The contact of a provisional case is known now and the case stays its home. */
export interface OwnerProven {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** The customer. */
  readonly customerId: string;
  /** The customer's id in the CRM. */
  readonly externalId: string | null;
  /** 0 to 3. */
  readonly assurance: number;
  /** What identity decided. */
  readonly disposition: 'resumed' | 'choose' | 'verify' | 'opened' | 'unmatched';
  /** Which home this is. */
  readonly hop: number;
  /** The reasons. */
  readonly because: readonly string[];
  /** The turn that settled it. */
  readonly inputId: string | null;
}

/** A promise was kept or broken. */
export interface PromiseEnded {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The promise. */
  readonly promiseId: string;
  /** Which. */
  readonly state: 'kept' | 'broken';
  /** Why. */
  readonly because: string;
}

/** Something was promised to the customer. */
export interface PromiseMade {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** To which contact. */
  readonly contactId: string | null;
  /** The promise. */
  readonly promise: CasePromise;
}

/** An action that a reply asks for. */
export interface ProposedAction {
  /** Name in the actions file. */
  readonly name: string;
  /** Whether it changes anything. */
  readonly effect: 'read' | 'write';
  /** Assurance that the actions file asks for, 0 to 3. */
  readonly assurance: number;
  /** Parameters that come from facts; those that identify the customer are bound later, on the server side. */
  readonly parameters: readonly Attribute[];
}

/** Something asked of the customer and not yet answered. */
export interface Question {
  /** The fact that the answer gives. */
  readonly fact: string;
  /** The words in which it was asked. */
  readonly text: string;
  /** The contact that it was put to. */
  readonly contactId: string;
  /** When, epoch milliseconds. */
  readonly atMs: number;
}

/** The open question has its answer. */
export interface QuestionAnswered {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The fact it asked for. */
  readonly fact: string;
}

/** Something was asked of the customer. */
export interface QuestionAsked {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The question. */
  readonly question: Question;
}

/** What was given and what was withheld, under which policy. */
export interface Receipt {
  /** Version of the load policy. */
  readonly policy: string;
  /** Items in the briefing. */
  readonly given: readonly ReceiptLine[];
  /** Items left out, with the reason. */
  readonly withheld: readonly ReceiptLine[];
  /** Size of what was given, UTF-8 bytes of its values. */
  readonly bytes: number;
  /** The most that a briefing may hold. */
  readonly budgetBytes: number;
}

/** One item of a receipt. */
export interface ReceiptLine {
  /** What: fact:order_number, promise:…, action:…, turn:12. */
  readonly item: string;
  /** Its sensitivity. */
  readonly sensitivity: 'status' | 'personal' | 'financial' | 'secret';
  /** Why it was given or withheld. */
  readonly reason: string;
}

/** A person asks that what is held for a subject is handled again. */
export interface RedriveRequested {
  /** The case or contact that is held. */
  readonly subject: string;
  /** Who asked. */
  readonly by: string;
  /** Whether the first held record is set aside for good, because it can never be handled; a copy stays with the parked records. */
  readonly skipFirst: boolean;
}

/** Something is said to a contact. */
export interface ReplyAccepted {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** Its channel. */
  readonly channel: 'chat' | 'voice' | 'email';
  /** Id of what is said, derived from what it answers. */
  readonly entryId: string;
  /** What it answers. */
  readonly inputId: string;
  /** Who says it. */
  readonly from: 'agent' | 'person';
  /** The words. */
  readonly text: string;
  /** The highest sensitivity that its briefing held. */
  readonly sensitivity: 'status' | 'personal' | 'financial' | 'secret';
  /** Assurance of the contact when it was said. */
  readonly assurance: number;
  /** How to reach the contact. */
  readonly route: string | null;
  /** Whether the channel may send it. */
  readonly answerable: boolean;
  /** What planned it. */
  readonly playbook: string;
}

/** The agent proposes what to say or do next for a contact. */
export interface ReplyProposed {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** What it answers: a turn, or joining. */
  readonly inputId: string;
  /** Number of the newest entry that it knew of. */
  readonly basis: number;
  /** What to say; null where an action comes first. */
  readonly text: string | null;
  /** Facts it found in the turns. */
  readonly facts: readonly Fact[];
  /** The fact that it asks for. */
  readonly asks: string | null;
  /** What it promises. */
  readonly promise: string | null;
  /** When that falls due. */
  readonly promiseDueMs: number | null;
  /** An action to run. */
  readonly action: ProposedAction | null;
  /** Why a person should look. */
  readonly handover: string | null;
  /** Kind of matter, where it became clear. */
  readonly kind: string | null;
  /** The customer has what they came for. */
  readonly resolves: boolean;
  /** The assurance to ask for. */
  readonly stepUp: number | null;
  /** The customer has changed the subject. */
  readonly newIssue: boolean;
  /** What planned it. */
  readonly playbook: string;
}

/** A proposed reply came too late: something newer has been said or done. */
export interface ReplyRefused {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** What it answered. */
  readonly inputId: string;
  /** What it knew of. */
  readonly basis: number;
  /** What was newest. */
  readonly newest: number;
  /** Why. */
  readonly reason: 'stale' | 'superseded' | 'answered' | 'moved' | 'withheld';
}

/** Somebody asks to take back the claim on an identifier. */
export interface RevocationRequested {
  /** The claim. */
  readonly claimId: string;
  /** Whose it is. */
  readonly customerId: string;
  /** Who asked: mail or operator. */
  readonly by: string;
}

/** The status of the case changed. */
export interface StatusChanged {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** From. */
  readonly from: 'open' | 'waiting' | 'resolved' | 'closed';
  /** To. */
  readonly to: 'open' | 'waiting' | 'resolved' | 'closed';
  /** Kind of matter. */
  readonly kind: string | null;
  /** A person is asked to look. */
  readonly needsPerson: boolean;
  /** Why. */
  readonly because: string;
  /** The case that continues it. */
  readonly continuedIn: string | null;
}

/** A try at a one-time code, or its end. */
export interface StepUpEnded {
  /** The step-up. */
  readonly stepUpId: string;
  /** The contact. */
  readonly contactId: string;
  /** What came of it. */
  readonly outcome: 'proven' | 'wrong' | 'expired' | 'exhausted';
  /** Tries so far. */
  readonly tries: number;
}

/** A contact needs more assurance for what it wants. */
export interface StepUpRequested {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** The assurance it needs, 1 to 3. */
  readonly needed: number;
  /** The turn that needs it. */
  readonly inputId: string;
}

/** A one-time code was asked for. */
export interface StepUpStarted {
  /** The step-up; its code is derived from it. */
  readonly stepUpId: string;
  /** The contact. */
  readonly contactId: string;
  /** Whom it could prove; null where nobody is on file. */
  readonly customerId: string | null;
  /** The assurance it leads to. */
  readonly needed: number;
  /** Whether a mail goes out. */
  readonly sent: boolean;
  /** Whether a limit held it back. */
  readonly limited: boolean;
}

/** A timer of this partition is due. */
export interface TimerFired {
  /** The timer; one that is gone fires into nothing. */
  readonly timerId: string;
  /** When it was due, epoch milliseconds. */
  readonly dueMs: number;
}

/** One thing that a customer said, pressed or wrote. */
export interface Turn {
  /** Derived from the contact and the channel's own id of the turn, so that the same turn sent again is the same turn. */
  readonly inputId: string;
  /** What was said, with card numbers, their codes and one-time codes masked; at most 64 kB. */
  readonly text: string;
  /** How it was made. */
  readonly kind: 'said' | 'pressed' | 'written';
  /** When the gateway took it, epoch milliseconds. */
  readonly atMs: number;
  /** Keyed hashes of the six-digit numbers in it, taken while a one-time code was awaited. */
  readonly codeProofs: readonly string[];
  /** What was masked: card, card-code, code. */
  readonly masked: readonly string[];
  /** Files that came with it. */
  readonly attachments: readonly Attachment[];
}

/** A turn of a contact that has not settled or that awaits a code; identity weighs it. */
export interface TurnOffered {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** The turn, masked. */
  readonly turn: Turn;
}

/** A turn has been weighed and has its home; the gateway may send the next. */
export interface TurnTaken {
  /** The case. */
  readonly caseId: string;
  /** Number of this entry in its case, from 1, without gaps; 0 on a control record, which is no entry. */
  readonly number: number;
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** The contact. */
  readonly contactId: string;
  /** The turn. */
  readonly inputId: string;
}

/** What identity made of a turn that did not change the contact's home. */
export interface TurnWeighed {
  /** The contact. */
  readonly contactId: string;
  /** The case. */
  readonly caseId: string;
  /** The turn. */
  readonly inputId: string | null;
  /** What came of it. */
  readonly verdict:
    | 'nothing-found'
    | 'code-sent'
    | 'code-limited'
    | 'code-wrong'
    | 'code-expired'
    | 'code-exhausted'
    | 'no-address'
    | 'proven'
    | 'which-case';
  /** The contact's assurance now. */
  readonly assurance: number;
  /** A one-time code is awaited. */
  readonly codeAwaited: boolean;
  /** Tries left at the code. */
  readonly triesLeft: number;
}
