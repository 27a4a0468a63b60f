import type { Edge, EdgeDraft } from '@throughline/kernel/edge';
import { deriveId } from '@throughline/kernel/ids';
import type { Blobs, Keyring, Random } from '@throughline/kernel/ports';
import { IDENTITY_INPUTS } from '@throughline/schemas/topics';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import { keepSealed } from './keep.ts';
import { type CheckedMail, contactIdOf, normalizeMail, revocationOf } from './normalize.ts';

export interface TakingOptions {
  readonly edge: Edge;
  readonly keyring: Pick<Keyring, 'mac' | 'ensure' | 'seal'>;
  readonly blobs: Blobs;
  readonly random: Random;
  /** Domains that are ours, in lower case; empty: any. */
  readonly mailDomains: readonly string[];
  /** Region for numbers without a country code, such as US. */
  readonly region: string;
}

const IDENTITY_SHARD = 'default';

/** Takes a mail that has been read and checked to the log, kept under its contact's key. Resolves once the log has it; rejects on an outage. */
export async function takeMail(
  options: TakingOptions,
  checked: CheckedMail,
  raw: Uint8Array,
  sinceMs: number,
): Promise<void> {
  const draft = await draftOf(options, checked, raw);
  const traceparent = newTraceparent(options.random);
  await options.edge.send([{ ...draft, timeMs: checked.receivedMs, traceparent, sinceMs }]);
}

async function draftOf(
  options: TakingOptions,
  checked: CheckedMail,
  raw: Uint8Array,
): Promise<Omit<EdgeDraft, 'timeMs' | 'traceparent'>> {
  const at = { topic: IDENTITY_INPUTS, key: IDENTITY_SHARD };
  const surroundings = { ...options, mac: options.keyring.mac };
  const revocation = revocationOf(checked, surroundings);
  if (revocation !== undefined) {
    const type = 'RevocationRequested';
    const id = deriveId('msg', type, revocation.claimId);
    return { ...at, type, subject: revocation.customerId, id, body: revocation };
  }
  const kept = await keepSealed(options, contactIdOf(checked), raw, checked.mail.attachments);
  const body = normalizeMail({ ...checked, ...kept }, surroundings);
  const type = 'ContactStarted';
  return { ...at, type, subject: body.contactId, id: deriveId('msg', type, body.contactId), body };
}
