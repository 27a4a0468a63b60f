import type { DocumentRef, Mac } from '@throughline/kernel/ports';
import type { Documents } from '@throughline/kernel/processor';
import type { IdentityInput } from '@throughline/schemas/generated/messages';
import { provisionalIdOf } from './customers.ts';
import {
  addressLimitId,
  type ContactDocument,
  type Documented,
  type Kind,
  mailboxLimitId,
  originLimitId,
} from './documents.ts';
import { identifierIdOf, saidIn, stepUpAddressId } from './identifying.ts';
import { customerIdOf, shownBy } from './matching.ts';

/**
 * The documents that an input needs. It walks the same way as the deciders, but asks for everything on every path and
 * never looks at the time, so that whatever is decided has been loaded.
 */
export function needsOf(input: IdentityInput, documents: Documents, mac: Mac): readonly DocumentRef[] {
  const asking = new Asking(documents, mac);
  switch (input.type) {
    case 'ContactStarted':
      asking.contact(input.body.contactId);
      asking.customer(provisionalIdOf(input.body.contactId));
      for (const shown of shownBy(input.body, mac)) {
        asking.identifier(shown.identifierId);
        if (shown.method === 'host-token') asking.customer(customerIdOf(shown.identifier.value));
      }
      break;
    case 'TurnOffered':
      asking.turn(input.body);
      break;
    case 'StepUpRequested':
    case 'IssueChanged':
    case 'JoinRefused':
    case 'ContactSeen':
    case 'ContactResumed':
      asking.contact(input.body.contactId);
      break;
    case 'CaseNoticed':
      asking.customer(input.body.customerId);
      break;
    case 'CustomerSubmitted':
      asking.customer(input.body.customerId);
      for (const identifier of input.body.identifiers) asking.identifier(identifierIdOf(mac, identifier));
      break;
    case 'RevocationRequested':
      asking.customer(input.body.customerId);
      break;
    case 'TimerFired':
    case 'RedriveRequested':
      break;
  }
  return [...asking.refs.values()];
}

class Asking {
  readonly refs = new Map<string, DocumentRef>();
  readonly #documents: Documents;
  readonly #mac: Mac;

  constructor(documents: Documents, mac: Mac) {
    this.#documents = documents;
    this.#mac = mac;
  }

  contact(contactId: string): ContactDocument | undefined {
    const contact = this.#ask('contact', contactId);
    if (!contact) return undefined;
    this.customer(provisionalIdOf(contactId));
    this.customer(contact.homeCustomerId);
    if (contact.customerId !== null) this.customer(contact.customerId, contact.origin);
    for (const shown of contact.shown) this.identifier(shown.identifierId);
    if (contact.stepUpId !== null) this.stepUp(contact.stepUpId, contact.origin);
    this.#ask('limits', originLimitId(contact.origin));
    return contact;
  }

  turn(offered: { readonly contactId: string; readonly turn: { readonly text: string } }): void {
    const contact = this.contact(offered.contactId);
    if (!contact) return;
    for (const identifier of saidIn(offered.turn.text, contact.region, this.#mac).identifiers) {
      const identifierId = identifierIdOf(this.#mac, identifier);
      this.#ask('limits', addressLimitId(contact.origin, identifierId));
      this.identifier(identifierId, contact.origin);
    }
  }

  stepUp(stepUpId: string, origin: string): void {
    const stepUp = this.#ask('stepup', stepUpId);
    if (!stepUp) return;
    if (stepUp.customerId !== null) this.customer(stepUp.customerId, origin);
    this.#ask('limits', stepUp.limitId);
    const addressId = stepUpAddressId(this.#mac, stepUp);
    if (addressId !== undefined) this.#ask('limits', mailboxLimitId(addressId));
  }

  /** With those who claim it; `origin`: whoever may ask them for a code. */
  identifier(identifierId: string, origin?: string): void {
    const document = this.#ask('identifier', identifierId);
    for (const { customerId } of document?.claims ?? []) {
      if (origin === undefined) this.#claimant(customerId);
      else this.customer(customerId, origin);
    }
    if (document?.stepUpId) this.#ask('stepup', document.stepUpId);
  }

  /** With all that is theirs, and whoever else claims it, no further; `origin`: whoever may ask them for a code. */
  customer(customerId: string, origin?: string): void {
    for (const { identifier, identifierId } of this.#claimant(customerId)?.claims ?? []) {
      this.identifier(identifierId);
      if (origin === undefined || identifier.type !== 'email') continue;
      this.#ask('limits', addressLimitId(origin, identifierId));
      this.#ask('limits', mailboxLimitId(identifierId));
    }
  }

  #claimant(customerId: string): Documented['customer'] | undefined {
    const customer = this.#ask('customer', customerId);
    for (const one of customer?.choosing ?? []) this.#ask('customer', one.homeCustomerId);
    return customer;
  }

  #ask<K extends Kind>(kind: K, id: string): Documented[K] | undefined {
    this.refs.set(`${kind}\n${id}`, { kind, id });
    return this.#documents.has(kind, id) ? this.#documents.get<Documented[K]>(kind, id) : undefined;
  }
}
