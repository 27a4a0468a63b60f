import type { Blobs, Keyring } from '@throughline/kernel/ports';
import type { Attachment } from '@throughline/schemas/generated/messages';
import type { IncomingFile } from './incoming.ts';

/** The names in the blob store of what was kept of one mail. */
export interface KeptMail {
  readonly rawBlob: string;
  readonly attachments: readonly Attachment[];
}

/**
 * Keeps a mail and its files sealed under the key of their contact: they are erased with it, and no copy of the disk shows them.
 * A blob is named by the SHA-256 of its sealed bytes. Every sealing draws a nonce, so a mail that comes again is kept again, and
 * the blobs of a delivery that failed are named by no record. They are as sealed and as erasable as the others; a name that came
 * from the mail itself would tell whoever guesses its text that the guess is right.
 */
export async function keepSealed(
  { blobs, keyring }: { readonly blobs: Blobs; readonly keyring: Pick<Keyring, 'ensure' | 'seal'> },
  contactId: string,
  raw: Uint8Array,
  files: readonly IncomingFile[],
): Promise<KeptMail> {
  const keyId = `contact:${contactId}`;
  await keyring.ensure([keyId]);
  const keep = (kind: 'mail' | 'attachment', bytes: Uint8Array): Promise<string> =>
    blobs.put(keyring.seal(keyId, bytes, `blob/${kind}`));
  const rawBlob = await keep('mail', raw);
  const attachments: Attachment[] = [];
  for (const { name, mediaType, bytes } of files) {
    attachments.push({ name, mediaType, sizeBytes: bytes.length, blob: await keep('attachment', bytes) });
  }
  return { rawBlob, attachments };
}
