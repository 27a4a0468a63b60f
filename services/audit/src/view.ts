import type { CaseEvent, IdentityEvent } from '@throughline/schemas/generated/messages';
import type { Link } from './chain.ts';
import type { TrailEntry } from './view-schemas.ts';

type Field = 'caseId' | 'contactId' | 'channel' | 'assurance' | 'number';

export function trailEntry(event: CaseEvent | IdentityEvent, link: Link): TrailEntry {
  const body = event.body as Partial<Record<Field, unknown>>;
  const text = (field: Field): string | null => (typeof body[field] === 'string' ? (body[field] as string) : null);
  const count = (field: Field): number | null => (typeof body[field] === 'number' ? (body[field] as number) : null);
  return {
    at: new Date(event.timeMs).toISOString(),
    type: event.type,
    number: count('number'),
    caseId: text('caseId'),
    contactId: text('contactId'),
    channel: text('channel'),
    assurance: count('assurance'),
    says: says(event),
    receipt:
      event.type === 'ContactBriefed'
        ? { policy: event.body.receipt.policy, given: event.body.receipt.given, withheld: event.body.receipt.withheld }
        : null,
    trace: event.traceparent.split('-')[1] ?? '',
    link: { topic: link.topic, partition: link.partition, offset: link.offset, hash: link.hash },
  };
}

/** Mail addresses and routes are left out: the trail says that something went out, the thread says what. */
function says(event: CaseEvent | IdentityEvent): string {
  switch (event.type) {
    case 'ContactIdentified':
      return `${event.body.disposition} at assurance ${event.body.assurance}: ${event.body.because.join('; ')}`;
    case 'ContactRerouted':
      return `moved from ${event.body.fromCaseId} to ${event.body.toCaseId}: ${event.body.because}`;
    case 'ClaimRecorded':
      return `${event.body.identifier.type} claimed for ${event.body.customerId} by ${event.body.proof}, scope ${event.body.scope}`;
    case 'ClaimRevoked':
      return `claim ${event.body.claimId} taken back: ${event.body.because}`;
    case 'StepUpStarted':
      return event.body.limited
        ? 'a one-time code was asked for and held back by a limit'
        : 'a one-time code was asked for';
    case 'StepUpEnded':
      return `one-time code ${event.body.outcome} after ${event.body.tries} tries`;
    case 'CustomerRecorded':
      return `customer record ${event.body.outcome}`;
    case 'CustomerRetired':
      return `provisional customer ${event.body.customerId} is ${event.body.into}`;
    default:
      return saysOfCase(event);
  }
}

function saysOfCase(event: CaseEvent): string {
  switch (event.type) {
    case 'CaseOpened':
      return `opened on ${event.body.channel}${event.body.provisional ? ', provisional' : ''}`;
    case 'CaseOwned':
      return `belongs to ${event.body.customerId} now`;
    case 'ContactBriefed':
      return `briefed (${event.body.cause}): ${event.body.receipt.given.length} items given, ${event.body.receipt.withheld.length} withheld`;
    case 'InteractionAdded':
      return `customer: ${event.body.turn.text}`;
    case 'TurnTaken':
      return `turn ${event.body.inputId} taken`;
    case 'ReplyAccepted':
      return `${event.body.from}: ${event.body.text}`;
    case 'ReplyRefused':
      return `a reply was refused: ${event.body.reason}`;
    case 'FactRecorded':
      return `${event.body.fact.name} = ${event.body.fact.value} (${event.body.fact.source})`;
    case 'QuestionAsked':
      return `asked for ${event.body.question.fact}`;
    case 'QuestionAnswered':
      return `${event.body.fact} answered`;
    case 'PromiseMade':
      return `promised: ${event.body.promise.text}`;
    case 'PromiseEnded':
      return `promise ${event.body.state}: ${event.body.because}`;
    case 'ActionRequested':
      return `action ${event.body.name} requested`;
    case 'ActionUpdated':
      return `action ${event.body.action.name} ${event.body.action.state} (${event.body.by})`;
    default:
      return saysOfContact(event);
  }
}

type ContactEvents =
  | 'StatusChanged'
  | 'ContactMoved'
  | 'ContactEnded'
  | 'DeliveryRecorded'
  | 'MailDue'
  | 'ContactCaughtUp'
  | 'CaseShown'
  | 'ContactHeld';

function saysOfContact(event: Extract<CaseEvent, { type: ContactEvents }>): string {
  switch (event.type) {
    case 'StatusChanged':
      return `${event.body.from} → ${event.body.to}: ${event.body.because}`;
    case 'ContactMoved':
      return `contact moved to ${event.body.toCaseId}`;
    case 'ContactEnded':
      return `contact ended: ${event.body.reason}`;
    case 'DeliveryRecorded':
      return `${event.body.entryId} ${event.body.outcome}`;
    case 'MailDue':
      return event.body.kind === 'code' ? 'one-time code mail due' : 'notice of a linked number due';
    case 'ContactCaughtUp':
      return `connection back: ${event.body.frames.length} frames given again`;
    case 'CaseShown':
      return `shown to ${event.body.operator} under ${event.body.policy}`;
    case 'ContactHeld':
      return 'what was said is held until a person has looked';
  }
}
