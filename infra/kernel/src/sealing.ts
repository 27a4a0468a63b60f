import type { DocumentRef, Keyring, StoredDocument } from './ports.ts';

/**
 * Documents at rest: JSON, sealed under the key that the processor names. One byte in front says which.
 * The context binds sealed bytes to their place, so that nobody can put one document where another belongs.
 */
const PLAIN = 0;
const SEALED = 1;
const DECODER = new TextDecoder();

const contextOf = (processor: string, document: DocumentRef): string => `${processor}/${document.kind}/${document.id}`;

/** Needs the key at hand (`keyring.ensure`). */
export function sealContent(
  keyring: Keyring,
  processor: string,
  document: DocumentRef,
  content: unknown,
  keyId: string | undefined,
): Uint8Array {
  const plain = Buffer.from(JSON.stringify(content));
  const body = keyId === undefined ? plain : keyring.seal(keyId, plain, contextOf(processor, document));
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = keyId === undefined ? PLAIN : SEALED;
  bytes.set(body, 1);
  return bytes;
}

/** The contents in the order of the documents; undefined where the key is destroyed: the document counts as erased. */
export async function openContent(
  keyring: Keyring,
  processor: string,
  documents: readonly StoredDocument[],
): Promise<readonly unknown[]> {
  const sealed = documents.filter((document) => document.body[0] === SEALED);
  if (sealed.length > 0)
    await keyring.fetch([...new Set(sealed.map((document) => keyring.keyIdOf(document.body.subarray(1))))]);
  return documents.map((document) => {
    const body = document.body.subarray(1);
    const plain = document.body[0] === SEALED ? keyring.open(body, contextOf(processor, document)) : body;
    return plain === undefined ? undefined : JSON.parse(DECODER.decode(plain));
  });
}
