import { orderKey } from '@throughline/language/order-references';
import { labelFact } from '@throughline/language/sensitivity';
import type { Fact } from '@throughline/schemas/generated/messages';
import { type KnownFact, LIMITS, newest } from './documents.ts';
import type { Drafting } from './drafting.ts';
import { stricter } from './loading/policy.ts';

const VALUE_LENGTH_MAX = 500;
/** The fact by which identity finds a case. */
export const REFERENCE = 'order_number';

/**
 * Records what became known, unless it is known already. What a backend says stands; what a customer says gives way
 * only to somebody who is at least as sure to be that customer. The stricter of two labels counts.
 */
export function recordFact(draft: Drafting, fact: Fact, contactId: string | null): void {
  const head = draft.head();
  const value = fact.value.slice(0, VALUE_LENGTH_MAX);
  const former = head.facts.find((known) => known.name === fact.name);
  if (value === '' || (former !== undefined && !replaces(former, { ...fact, value }))) return;
  const sensitivity = stricter(fact.sensitivity, labelFact(fact.name, value));
  const known: KnownFact = { ...fact, value, sensitivity, contactId };
  const facts = newest([...head.facts.filter((other) => other !== former), known], LIMITS.facts);
  draft.change({ facts, references: withReference(draft, known) });
  draft.record('FactRecorded', { contactId, fact: { ...fact, value, sensitivity } });
}

function replaces(former: KnownFact, fact: Fact): boolean {
  if (former.value === fact.value) return false;
  if (fact.source === 'backend') return true;
  return former.source !== 'backend' && fact.assurance >= former.assurance;
}

/** Keyed hashes by which identity finds the case that an order number belongs to. */
function withReference(draft: Drafting, fact: KnownFact): readonly string[] {
  const { references } = draft.head();
  if (fact.name !== REFERENCE) return references;
  const reference = draft.mac('reference', orderKey(fact.value));
  return references.includes(reference) ? references : newest([...references, reference], LIMITS.references);
}
