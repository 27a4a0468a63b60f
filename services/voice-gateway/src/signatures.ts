import twilio from 'twilio';

/** Whether a request comes from the carrier, by X-Twilio-Signature: keyed by the auth token, over the public URL and the form fields. */
export interface Signatures {
  /** @param pathAndQuery as requested, with nothing decoded */
  webhook(signature: string | undefined, pathAndQuery: string, form: Readonly<Record<string, unknown>>): Verdict;
  /** The handshake of the relay; what is signed is the URL in the TwiML. */
  relay(signature: string | undefined): Verdict;
  /** The URL that the carrier connects the relay to. */
  relayUrl(): string;
  /** The public URL of a path of ours. */
  urlOf(path: string): string;
}

export type Verdict = 'signed' | 'not-signed' | 'no-token';

export const RELAY_PATH = '/voice/relay';

/** @param publicUrl where the carrier reaches this gateway, known once it listens */
export function createSignatures(authToken: string | undefined, publicUrl: () => string): Signatures {
  const urlOf = (path: string): string => `${publicUrl().replace(/\/+$/, '')}${path}`;
  const relayUrl = (): string => urlOf(RELAY_PATH).replace(/^http/i, 'ws');
  const check = (signature: string | undefined, url: string, form: Readonly<Record<string, unknown>>): Verdict => {
    if (authToken === undefined || authToken === '') return 'no-token';
    return twilio.validateRequest(authToken, signature ?? '', url, form) ? 'signed' : 'not-signed';
  };
  return {
    webhook: (signature, pathAndQuery, form) => check(signature, urlOf(pathAndQuery), form),
    relay: (signature) => {
      // The carrier may sign the default port or leave it out. Twilio's check adds 443 to https alone, so wss is checked with its own port here.
      const url = relayUrl();
      const plain = check(signature, url, {});
      return plain === 'not-signed' ? check(signature, withSecurePort(url), {}) : plain;
    },
    relayUrl,
    urlOf,
  };
}

/** `wss://host/path` as `wss://host:443/path`. */
const withSecurePort = (url: string): string => url.replace(/^(wss:\/\/[^/:]+)(?=\/)/i, '$1:443');
