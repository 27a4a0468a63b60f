import type { Mac } from '@throughline/kernel/ports';
import type { Processor } from '@throughline/kernel/processor';
import type { IdentityInput } from '@throughline/schemas/generated/messages';
import { IDENTITY_INPUTS } from '@throughline/schemas/topics';
import { decide } from './decide.ts';
import { keyOf } from './documents.ts';
import type { Output } from './ledger.ts';
import { needsOf } from './needs.ts';

export const IDENTITY_RESOLUTION = 'identity-resolution';

/**
 * Decides who is on a contact and which case it belongs to.
 * @param options.brandRegion ISO 3166 region for numbers said without a country code, where the contact has none
 * @param options.mac the keyring's keyed hash: identifiers are found by it, and `needs` is asked before there is a context
 */
export function createIdentityProcessor(options: {
  readonly brandRegion: string;
  readonly mac: Mac;
}): Processor<IdentityInput, Output> {
  const { brandRegion, mac } = options;
  return {
    name: IDENTITY_RESOLUTION,
    topic: IDENTITY_INPUTS,
    keyOf,
    needs: (input, documents) => needsOf(input, documents, mac),
    decide: (input, documents, context) => decide(input, documents, context, brandRegion),
  };
}
