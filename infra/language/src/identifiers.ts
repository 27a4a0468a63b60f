import { domainToASCII } from 'node:url';
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** What can name a customer or a case, in its one normal form. */
export type Identifier = {
  readonly type: 'phone' | 'email' | 'session' | 'account' | 'case';
  readonly value: string;
};

/** A normal form, or why there is none. `reason` never repeats the text that was refused. */
export type Normalized =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly reason: NotAnIdentifier };

export type NotAnIdentifier =
  | 'empty'
  | 'too_long'
  | 'withheld'
  | 'not_a_phone_number'
  | 'has_extension'
  | 'not_an_email_address';

/**
 * A phone number as E.164. Only numbers that can exist are taken; `region` (ISO 3166, e.g. `US`) reads national forms.
 * A withheld caller ID is refused as `withheld`, also where the carrier writes the word in keypad digits:
 * all who withhold their number would otherwise share one identifier.
 */
export function normalizePhone(text: string, region: string): Normalized {
  const trimmed = text.trim();
  if (trimmed === '') return refused('empty');
  if (trimmed.length > PHONE_LENGTH_MAX) return refused('too_long');
  if (isWithheld(trimmed)) return refused('withheld');
  if (!PHONE_CHARACTERS.test(trimmed)) return refused('not_a_phone_number');
  const parsed = parsePhoneNumberFromString(trimmed, { ...countryOption(region), extract: false });
  if (parsed === undefined || !parsed.isValid()) return refused('not_a_phone_number');
  if (parsed.ext !== undefined) return refused('has_extension');
  return { ok: true, value: parsed.number };
}

/**
 * An e-mail address for matching: NFC, the local part in lower case with its plus tag, the domain as ASCII (IDNA).
 * Lengths follow RFC 5321 (64 for the local part, 254 in all, counted in UTF-8). Quoted local parts and address literals are refused.
 */
export function normalizeEmail(text: string): Normalized {
  const trimmed = text.trim();
  if (trimmed === '') return refused('empty');
  if (trimmed.length > EMAIL_BYTES_MAX) return refused('too_long');
  const [rawLocal, rawDomain, ...more] = trimmed.normalize('NFC').split('@');
  if (rawLocal === undefined || rawDomain === undefined || more.length > 0) return refused('not_an_email_address');
  const local = rawLocal.toLowerCase().normalize('NFC');
  if (!LOCAL_PART.test(local) || !DOMAIN_CHARACTERS.test(rawDomain)) return refused('not_an_email_address');
  const domain = domainToASCII(rawDomain);
  if (!isDomain(domain)) return refused('not_an_email_address');
  const value = `${local}@${domain}`;
  if (Buffer.byteLength(local) > LOCAL_BYTES_MAX || Buffer.byteLength(value) > EMAIL_BYTES_MAX) {
    return refused('too_long');
  }
  return { ok: true, value };
}

/** The last two digits of a phone number: enough for its owner to know it, too little for anybody else. */
export function lastTwoDigits(phone: string): string {
  return phone.replace(/[^0-9]/g, '').slice(-2);
}

/** `ines@post.example` as `i…@post.example`. Without an `@` nothing is shown. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 1) return '…';
  const [first = ''] = email;
  return `${first}…${email.slice(at)}`;
}

/** The region for the phone library, or nothing where it knows no such region: international forms are read all the same. */
export function countryOption(region: string): { defaultCountry?: CountryCode } {
  const upper = region.toUpperCase();
  return isSupportedCountry(upper) ? { defaultCountry: upper } : {};
}

const PHONE_LENGTH_MAX = 40;
const LOCAL_BYTES_MAX = 64;
const EMAIL_BYTES_MAX = 254;

/** Digits, the usual separators, and what introduces an extension, so that an extension is named as the reason. */
const PHONE_CHARACTERS = /^[\p{Nd}\s+().\-–/x#]+$/iu;

/** What carriers and SIP gateways write for a caller who withholds the number. */
const WITHHELD_WORDS = new Set([
  'anonymous',
  'restricted',
  'unavailable',
  'unknown',
  'blocked',
  'private',
  'withheld',
  'no caller id',
  'not available',
]);

/** The same words typed on a telephone's keypad: ANONYMOUS, RESTRICTED, UNAVAILABLE, UNKNOWN, BLOCKED. One of them parses as a valid number of the US. */
const WITHHELD_DIGITS = new Set(['266696687', '7378742833', '86282452253', '8656696', '2562533']);

/** RFC 5322 dot-atom, with letters of every script (RFC 6531). */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN_CHARACTERS = /^[\p{L}\p{M}\p{N}.-]+$/u;
const DOMAIN_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

function isWithheld(text: string): boolean {
  const lower = text.toLowerCase().replace(/^\+/, '');
  return WITHHELD_WORDS.has(lower) || WITHHELD_DIGITS.has(lower);
}

function isDomain(domain: string): boolean {
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  return (
    labels.length >= 2 &&
    labels.every((label) => label.length <= 63 && DOMAIN_LABEL.test(label)) &&
    last.length >= 2 &&
    !/^[0-9]/.test(last)
  );
}

function refused(reason: NotAnIdentifier): Normalized {
  return { ok: false, reason };
}
