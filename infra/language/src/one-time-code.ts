/** Keyed hash (HMAC-SHA-256, hex) of a text under the sub-key named by `purpose`; the kernel's `Mac`. */
type Mac = (purpose: string, text: string) => string;

/**
 * The six digits that prove a step-up, derived from its id under a secret key: nobody has to keep them anywhere.
 * Every code from 000000 to 999999 is equally likely.
 */
export function oneTimeCode(mac: Mac, stepUpId: string): string {
  for (let round = 0; ; round += 1) {
    const digest = mac('one-time-code', round === 0 ? stepUpId : `${stepUpId}:${round}`);
    for (let at = 0; at + DRAW_HEX <= digest.length; at += DRAW_HEX) {
      const draw = Number.parseInt(digest.slice(at, at + DRAW_HEX), 16);
      if (draw < FAIR_BELOW) return String(draw % CODES).padStart(6, '0');
    }
  }
}

/** What stands for a six-digit number in a turn while a code is awaited: bound to the contact, so it is worth nothing elsewhere. */
export function codeProof(mac: Mac, contactId: string, digits: string): string {
  return mac('code-proof', `${contactId}:${digits}`);
}

const CODES = 1_000_000;
/** 32 bits a draw; draws at or above the last full multiple of a million are thrown away, so that no code is likelier. */
const DRAW_HEX = 8;
const FAIR_BELOW = Math.floor(2 ** 32 / CODES) * CODES;
