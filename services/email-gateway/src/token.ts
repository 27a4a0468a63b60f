import type { Mac } from '@throughline/kernel/ports';

/** Whole days from the epoch; tokens expire at the end of a day. */
const DAY_MS = 86_400_000;
const TOKEN_DAYS = 30;

const CASE_TOKEN = { prefix: 'c', payloadBytes: 18, macBytes: 10, chars: 44 } as const;
/** Two ids of 16 bytes have to fit the 64 octets of a local part (RFC 5321), so the seal is shorter; it only counts together with proven mail from the bound address. */
const REVOCATION_TOKEN = { prefix: 'r', payloadBytes: 34, macBytes: 6, chars: 62 } as const;
type Shape = typeof CASE_TOKEN | typeof REVOCATION_TOKEN;

/** What a token of a case says once it is proven. `issuedMs` is exact to a day. */
export interface CaseToken {
  readonly caseId: string;
  readonly issuedMs: number;
}

export interface RevocationToken {
  readonly claimId: string;
  readonly customerId: string;
}

/**
 * A token that brings a reply back to its case: bound to the case and to the one address that may use it, for 30 days.
 * Lower-case letters and digits, so that it survives mail servers that fold case. Undefined where the id is not one of ours.
 */
export function makeCaseToken(mac: Mac, caseId: string, address: string, nowMs: number): string | undefined {
  const id = bytesOf('case', caseId);
  return id && make(mac, CASE_TOKEN, [id, expiryDay(nowMs)], address);
}

/** Undefined where it is not such a token, was not made for this address, or has expired. */
export function readCaseToken(mac: Mac, token: string, address: string, nowMs: number): CaseToken | undefined {
  const payload = read(mac, CASE_TOKEN, token, address, nowMs);
  if (payload === undefined) return undefined;
  return { caseId: `case_${payload.slice(0, 32)}`, issuedMs: (dayOf(payload) - TOKEN_DAYS) * DAY_MS };
}

/** A token that takes a claim back, for the address that the notice of the claim went to. Lives for 30 days. */
export function makeRevocationToken(
  mac: Mac,
  claim: RevocationToken,
  address: string,
  nowMs: number,
): string | undefined {
  const [claimId, customerId] = [bytesOf('clm', claim.claimId), bytesOf('cus', claim.customerId)];
  return claimId && customerId && make(mac, REVOCATION_TOKEN, [claimId, customerId, expiryDay(nowMs)], address);
}

/** Undefined where it is not such a token, was not made for this address, or has expired. */
export function readRevocationToken(
  mac: Mac,
  token: string,
  address: string,
  nowMs: number,
): RevocationToken | undefined {
  const payload = read(mac, REVOCATION_TOKEN, token, address, nowMs);
  if (payload === undefined) return undefined;
  return { claimId: `clm_${payload.slice(0, 32)}`, customerId: `cus_${payload.slice(32, 64)}` };
}

/** Splits `support+c…@domain` or `r…@domain`: where it goes without its token, and the token, where it has the form of one. */
export function splitRecipient(address: string): { readonly base: string; readonly token: string | undefined } {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (TOKEN_FORM.test(local)) return { base: `${DEFAULT_LOCAL}@${domain}`, token: local };
  const plus = local.lastIndexOf('+');
  const token = local.slice(plus + 1);
  if (plus < 1 || !TOKEN_FORM.test(token)) return { base: address, token: undefined };
  return { base: `${local.slice(0, plus)}@${domain}`, token };
}

/** The address that carries a token of a case. A long local part gives way: no more than 64 octets may stand before the `@`. */
export function withToken(base: string, token: string): string {
  const at = base.lastIndexOf('@');
  const local = base.slice(0, at);
  const fits = Buffer.byteLength(local) + 1 + token.length <= LOCAL_BYTES_MAX;
  return `${fits ? local : DEFAULT_LOCAL}+${token}${base.slice(at)}`;
}

/** The mailbox that answers where a mail was sent to none. */
export const DEFAULT_LOCAL = 'support';

/**
 * The Message-ID of a mail about an entry of a case. The same entry has the same one for ever, and a mail that refers to it
 * shows which case it belongs to: the seal binds it to the case, the entry and the address it was sent to.
 */
export function entryMessageId(
  mac: Mac,
  entry: { readonly caseId: string; readonly entryId: string },
  address: string,
  domain: string,
): string {
  const name = `${entry.caseId}.${entry.entryId}`;
  return `<${name}.${mac('message-id', `${name}\n${address}`).slice(0, 20)}@${domain}>`;
}

/** The case that a Message-ID of ours names, if it was made for a mail to this address. */
export function readEntryMessageId(mac: Mac, messageId: string, address: string): string | undefined {
  const [, name, caseId, seal] = ENTRY_MESSAGE_ID.exec(messageId) ?? [];
  if (name === undefined || caseId === undefined) return undefined;
  return seal === mac('message-id', `${name}\n${address}`).slice(0, 20) ? caseId : undefined;
}

/** The Message-ID of a mail that belongs to no thread (codes, notices): a reply to it proves nothing about a case. */
export function mailMessageId(mac: Mac, mailId: string, domain: string): string {
  return `<mail.${mac('mail-message-id', mailId).slice(0, 32)}@${domain}>`;
}

const LOCAL_BYTES_MAX = 64;
const TOKEN_FORM = /^(?:c[0-9a-z]{44}|r[0-9a-z]{62})$/;
const ENTRY_MESSAGE_ID = /^<((case_[0-9a-f]{1,32})\.[a-z]+_[0-9a-f]{1,32})\.([0-9a-f]{20})@[^<>@\s]+>$/;

function make(mac: Mac, shape: Shape, parts: readonly string[], address: string): string {
  const payload = parts.join('');
  const bytes = `${payload}${sealOf(mac, shape, payload, address)}`;
  return `${shape.prefix}${BigInt(`0x${bytes}`).toString(36).padStart(shape.chars, '0')}`;
}

/** The payload in hex. */
function read(mac: Mac, shape: Shape, token: string, address: string, nowMs: number): string | undefined {
  if (!TOKEN_FORM.test(token) || !token.startsWith(shape.prefix)) return undefined;
  let number = 0n;
  for (const digit of token.slice(1)) number = number * 36n + BigInt(Number.parseInt(digit, 36));
  const size = (shape.payloadBytes + shape.macBytes) * 2;
  const bytes = number.toString(16).padStart(size, '0');
  const payload = bytes.slice(0, shape.payloadBytes * 2);
  if (bytes.length !== size || bytes.slice(payload.length) !== sealOf(mac, shape, payload, address)) return undefined;
  return dayOf(payload) * DAY_MS > nowMs ? payload : undefined;
}

function sealOf(mac: Mac, shape: Shape, payload: string, address: string): string {
  return mac('reply-token', `${shape.prefix}\n${payload}\n${address}`).slice(0, shape.macBytes * 2);
}

/** The first day on which the token no longer counts, as two bytes in hex (until the year 2149). */
function expiryDay(nowMs: number): string {
  return (Math.floor(nowMs / DAY_MS) + TOKEN_DAYS).toString(16).padStart(4, '0');
}

function dayOf(payload: string): number {
  return Number.parseInt(payload.slice(-4), 16);
}

/** The 16 bytes of a derived id, in hex. */
function bytesOf(prefix: string, id: string): string | undefined {
  const hex = id.slice(prefix.length + 1);
  return id.startsWith(`${prefix}_`) && /^[0-9a-f]{32}$/.test(hex) ? hex : undefined;
}
