import type { IdentityEvent } from '@throughline/schemas/generated/messages';
import type { Contact, Model } from './model.ts';

/** Holds what identity says of contacts to what they have shown: the `Witness` hands over every event of its topic. */
export class Identified {
  readonly #model: Model;
  readonly #heard = new Set<string>();
  /** Step-ups whose code was said: it works once. */
  readonly #used = new Set<string>();

  constructor(model: Model) {
    this.#model = model;
  }

  take(event: IdentityEvent): void {
    // The log may take a batch once more, later: by then it says nothing new.
    if (this.#heard.has(event.id)) return;
    this.#heard.add(event.id);
    if (event.type === 'ContactIdentified') {
      const { contactId, customerId, provisional, assurance } = event.body;
      const contact = this.#model.contacts.get(contactId);
      if (contact === undefined) return;
      contact.comes(contact.cameBy !== undefined && this.#model.isLinked(contact.cameBy));
      const isOwn = provisional || customerId === contact.person.customerId;
      this.#model.demand(isOwn, `Law 8: ${contactId} of person ${contact.person.number} is taken for ${customerId}.`);
      this.hasEarned(contact, assurance);
    }
    if (event.type === 'ClaimRecorded' && event.body.proof === 'code') {
      const { contactId, customerId, claimId } = event.body;
      const contact = this.#model.contacts.get(contactId ?? '');
      if (contact?.cameBy !== undefined) this.#model.claimed(claimId, contact.cameBy);
      const isProven = contact !== undefined && contact.earned >= 2 && customerId === contact.person.customerId;
      this.#model.demand(isProven, `Law 8: ${contactId} has linked something to ${customerId} without a proof.`);
    }
    if (event.type === 'StepUpEnded' && event.body.outcome === 'proven') {
      const { stepUpId, contactId } = event.body;
      this.#model.demand(!this.#used.has(stepUpId), `Law 5: a code of ${contactId} is good a second time.`);
      this.#used.add(stepUpId);
    }
    if (event.type === 'ClaimRevoked') this.#model.revoked(event.body.claimId);
  }

  /** Law 5: nobody counts as more than they have earned. */
  hasEarned(contact: Contact, assurance: number): void {
    const why = this.#model.whyUnearned(contact, assurance);
    this.#model.demand(why === undefined, `Law 5: ${contact.contactId} counts as ${assurance} and ${why}.`);
  }
}
