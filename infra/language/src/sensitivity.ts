/** What may be done with something that leaks (the design's levels): `secret` is read back to nobody. */
export type Sensitivity = 'status' | 'personal' | 'financial' | 'secret';

/** The label of something that was said or written: `personal` unless it speaks of money or accounts, or of what proves who somebody is. */
export function labelText(text: string): Sensitivity {
  if (SECRET_TEXT.test(text)) return 'secret';
  return isFinancial(text) ? 'financial' : 'personal';
}

/** The label of a fact, by its name and its value. A name that nobody has listed is `personal`; a harmless name does not make an amount harmless. */
export function labelFact(name: string, value: string): Sensitivity {
  const key = wordsOfName(name);
  const parts = key.split('_');
  if (parts.some((part) => SECRET_NAMES.has(part)) && !NOT_SECRET_NAMES.has(key)) return 'secret';
  if (parts.some((part) => FINANCIAL_NAMES.has(part))) return 'financial';
  if ((key === 'note' || key.endsWith('_note')) && SECRET_TEXT.test(value)) return 'secret';
  if (isFinancial(value)) return 'financial';
  return STATUS_NAMES.has(key) ? 'status' : 'personal';
}

const SECRET_TEXT =
  /\b(?:pass(?:word|code|phrase|wort)s?|pin(?: ?code| number)?|(?:one[- ]time|verification|security|access|login|card|confirmation) (?:code|number)|(?:my|the|your|a) code|code is|cvv2?|cvc2?|otp|tan|secret|mother['’]?s maiden name|maiden name|security question|first pet|social security|ssn)\b/iu;
const MONEY =
  /[$€£¥]\s?\d|\d\s?[$€£¥]|\b\d[\d.,]{0,12}\s?(?:dollars?|euros?|pounds?|bucks|usd|eur|gbp|chf|cents?)\b|\b(?:usd|eur|gbp|chf)\s?\d|\b(?:hundred|thousand|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five|six|seven|eight|nine) (?:dollars?|euros?|pounds?|bucks)\b/iu;
const FINANCIAL_WORDS =
  /\b(?:iban|bic|swift|bank|sort code|routing number|account (?:number|no|balance)|(?:bank|checking|savings|current) account|(?:credit|debit|bank|gift) cards?|cards?|visa|mastercard|amex|american express|paypal|salary|wages?|income|mortgage|loan|konto|kontonummer|gehalt)\b/iu;
const IBAN = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/u;
const CARD_LIKE = /\d(?:[ -]?\d){12,18}/u;

function isFinancial(text: string): boolean {
  return MONEY.test(text) || FINANCIAL_WORDS.test(text) || IBAN.test(text) || CARD_LIKE.test(text);
}

const STATUS_NAMES = new Set([
  'status',
  'state',
  'order_number',
  'order',
  'case_reference',
  'eta',
  'expected',
  'due',
  'tracking_status',
  'delivery',
  'next_step',
  'note',
  'order_note',
  'refund_note',
  'order_eta',
  'refund_eta',
  'order_status',
  'refund_status',
]);
const FINANCIAL_NAMES = new Set(
  'amount amounts price total sum iban bic account card payment payments balance salary income'.split(' '),
);
const SECRET_NAMES = new Set('password passcode passphrase pin code secret token otp cvv cvc'.split(' '));
const NOT_SECRET_NAMES = new Set(['postal_code', 'zip_code', 'country_code', 'area_code', 'post_code']);

/** `refundAmount`, `Refund-Amount` and `REFUND_AMOUNT` are one name. */
function wordsOfName(name: string): string {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/gu, '');
}
