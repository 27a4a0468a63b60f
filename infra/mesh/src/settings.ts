import { isIP } from 'node:net';
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';

/** What a mesh is told from outside. Every member has the environment variable of INTERFACES that it comes from. */
export interface Settings {
  readonly host: string;
  readonly httpPort: number;
  readonly smtpPort: number;
  readonly dataDirectory: string;
  /** The region of numbers that are said without a country code. */
  readonly region: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly smtpOut: string | undefined;
  readonly emailAuth: { readonly mode: 'verify' } | { readonly mode: 'authserv-id'; readonly authservId: string };
  readonly trustedPeers: readonly string[];
  readonly mailDomains: readonly string[];
  readonly chatHostSecret: string | undefined;
  readonly twilioAuthToken: string | undefined;
  /** Without a slash at the end; undefined: what the mesh listens on. */
  readonly publicUrl: string | undefined;
  readonly actionsFile: string | undefined;
  readonly operatorToken: string | undefined;
  readonly masterKey: string | undefined;
}

/** A setting cannot be used. The message is one sentence that names the variable. */
export class SettingsRefused extends Error {
  readonly code = 'settings-refused';
}

const port = z.coerce.number().int().min(0).max(65_535);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** `loopback`, an address, or a network such as 10.0.0.0/8. */
function isPeer(peer: string): boolean {
  const [address = '', bits, ...more] = peer.split('/');
  const bitsMax = { 4: 32, 6: 128 }[isIP(address)];
  if (bitsMax === undefined) return peer === 'loopback';
  return more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax));
}

/** Variable, how it is read, and what a person is told that it must be. */
const VARIABLES = {
  THROUGHLINE_HOST: [z.string().min(1).default('127.0.0.1'), 'an address to listen on'],
  THROUGHLINE_HTTP_PORT: [port.default(8080), 'a port from 0 to 65535'],
  THROUGHLINE_SMTP_PORT: [port.default(2525), 'a port from 0 to 65535'],
  THROUGHLINE_DATA_DIR: [z.string().min(1).default('.throughline'), 'a folder'],
  THROUGHLINE_REGION: [
    z
      .string()
      .regex(/^[A-Z]{2}$/)
      .default('US'),
    'a two-letter region such as US',
  ],
  THROUGHLINE_LOG_LEVEL: [
    z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'debug, info, warn, error or silent',
  ],
  THROUGHLINE_SMTP_OUT: [
    z.url({ protocol: /^smtps?$/ }).optional(),
    'a URL such as smtp://user:password@mail.example:587',
  ],
  THROUGHLINE_EMAIL_AUTH: [
    z
      .string()
      .regex(/^(verify|authserv-id:[^\s;]+)$/)
      .default('verify'),
    '"verify" or "authserv-id:<name>"',
  ],
  THROUGHLINE_TRUSTED_PEERS: [
    list.refine((peers) => peers.every(isPeer)).default(['loopback']),
    'addresses, networks or "loopback", with commas between them',
  ],
  THROUGHLINE_MAIL_DOMAINS: [list.default([]), 'mail domains with commas between them'],
  THROUGHLINE_CHAT_HOST_SECRET: [z.string().min(1).optional(), 'a secret that your site has too'],
  THROUGHLINE_TWILIO_AUTH_TOKEN: [z.string().min(1).optional(), "your Twilio account's auth token"],
  THROUGHLINE_PUBLIC_URL: [
    z.url({ protocol: /^https?$/ }).optional(),
    'the http or https URL that the outside reaches this mesh at',
  ],
  THROUGHLINE_ACTIONS: [z.string().min(1).optional(), 'the path of an actions file'],
  THROUGHLINE_ADMIN_TOKEN: [
    z
      .string()
      .regex(/^[\x21-\x7e]+$/)
      .optional(),
    'a token of printable characters without spaces',
  ],
  THROUGHLINE_MASTER_KEY: [z.string().min(1).optional(), '32 bytes in base64 or hex'],
} as const;

type Name = keyof typeof VARIABLES;
type Value<N extends Name> = z.output<(typeof VARIABLES)[N][0]>;

/** @throws SettingsRefused for the first variable that cannot be used. An empty variable counts as not set. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  workingDirectory: string,
): Settings {
  const read = <N extends Name>(name: N): Value<N> => {
    const [schema, expected] = VARIABLES[name];
    const parsed = schema.safeParse(environment[name] === '' ? undefined : environment[name]);
    // The value stays out of the message: it may be a secret.
    if (!parsed.success) throw new SettingsRefused(`${name} must be ${expected}.`);
    return parsed.data as Value<N>;
  };
  const directory = read('THROUGHLINE_DATA_DIR');
  const emailAuth = read('THROUGHLINE_EMAIL_AUTH');
  return {
    host: read('THROUGHLINE_HOST'),
    httpPort: read('THROUGHLINE_HTTP_PORT'),
    smtpPort: read('THROUGHLINE_SMTP_PORT'),
    dataDirectory: isAbsolute(directory) ? directory : resolve(workingDirectory, directory),
    region: read('THROUGHLINE_REGION'),
    logLevel: read('THROUGHLINE_LOG_LEVEL'),
    smtpOut: read('THROUGHLINE_SMTP_OUT'),
    emailAuth:
      emailAuth === 'verify'
        ? { mode: 'verify' }
        : { mode: 'authserv-id', authservId: emailAuth.slice('authserv-id:'.length) },
    trustedPeers: read('THROUGHLINE_TRUSTED_PEERS'),
    mailDomains: read('THROUGHLINE_MAIL_DOMAINS').map((domain) => domain.toLowerCase()),
    chatHostSecret: read('THROUGHLINE_CHAT_HOST_SECRET'),
    twilioAuthToken: read('THROUGHLINE_TWILIO_AUTH_TOKEN'),
    publicUrl: read('THROUGHLINE_PUBLIC_URL')?.replace(/\/+$/, ''),
    actionsFile: read('THROUGHLINE_ACTIONS'),
    operatorToken: read('THROUGHLINE_ADMIN_TOKEN'),
    masterKey: read('THROUGHLINE_MASTER_KEY'),
  };
}

/** Fewer characters can be guessed; said at the start, and left to whoever sets them. */
const SECRET_CHARACTERS_MIN = 16;

/** Variables whose secret is too short to be one. */
export function weakSecrets(settings: Settings): readonly string[] {
  const secrets = [
    ['THROUGHLINE_CHAT_HOST_SECRET', settings.chatHostSecret],
    ['THROUGHLINE_ADMIN_TOKEN', settings.operatorToken],
  ] as const;
  return secrets.flatMap(([name, secret]) =>
    secret !== undefined && secret.length < SECRET_CHARACTERS_MIN ? [name] : [],
  );
}
