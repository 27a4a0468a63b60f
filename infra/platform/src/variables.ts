import { isIP } from 'node:net';
import { z } from 'zod';

/** A setting cannot be used. The message is one sentence that names the variable. */
export class SettingsRefused extends Error {
  readonly code = 'settings-refused';
}

const port = z.coerce.number().int().min(0).max(65_535);
const BROKER = /^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i;
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

type EmailAuth = { readonly mode: 'verify' } | { readonly mode: 'authserv-id'; readonly authservId: string };

function emailAuthOf(text: string): EmailAuth {
  return text === 'verify'
    ? { mode: 'verify' }
    : { mode: 'authserv-id', authservId: text.slice('authserv-id:'.length) };
}

const PLACE = /^([a-z-]+)=(https?:\/\/[^/\s]+)$/;
const byService = (places: readonly string[][]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...Map.groupBy(places, ([service = '']) => service)].map(([service, all]) => [
      service,
      all.map(([, url = '']) => url),
    ]),
  );

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
      .default('verify')
      .transform(emailAuthOf),
    '"verify" or "authserv-id:<name>"',
  ],
  THROUGHLINE_TRUSTED_PEERS: [
    list.refine((peers) => peers.every(isPeer)).default(['loopback']),
    'addresses, networks or "loopback", with commas between them',
  ],
  THROUGHLINE_TRUSTED_PROXIES: [
    list.refine((peers) => peers.every(isPeer)).default([]),
    'addresses, networks or "loopback", with commas between them',
  ],
  THROUGHLINE_MAIL_DOMAINS: [
    list.transform((all) => all.map((domain) => domain.toLowerCase())).default([]),
    'mail domains with commas between them',
  ],
  THROUGHLINE_CHAT_HOST_SECRET: [z.string().min(1).optional(), 'a secret that your site has too'],
  THROUGHLINE_TWILIO_AUTH_TOKEN: [z.string().min(1).optional(), "your Twilio account's auth token"],
  THROUGHLINE_PUBLIC_URL: [
    z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
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
  KAFKA_BROKERS: [
    list
      .refine((brokers) => brokers.length > 0 && brokers.every((broker) => BROKER.test(broker)))
      .default(['127.0.0.1:9092']),
    'host:port of the brokers, with commas between them',
  ],
  SCHEMA_REGISTRY_URL: [
    z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8081'),
    'the http or https URL of the schema registry',
  ],
  MONGO_URL: [
    z
      .string()
      .regex(/^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/)
      .default('mongodb://127.0.0.1:27017/throughline'),
    'a URL such as mongodb://host:port/database',
  ],
  THROUGHLINE_STOP_WITH_INPUT: [
    z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true'),
    'true or false',
  ],
  THROUGHLINE_SERVICES: [
    list
      .transform((all) => all.map((item) => PLACE.exec(item)?.slice(1) ?? []))
      .refine((places) => places.length > 0 && places.every(([, url]) => url !== undefined))
      .transform(byService)
      .optional(),
    'a list such as case-state=http://127.0.0.1:9001, a URL for each instance, with commas between them',
  ],
} as const;

export type Name = keyof typeof VARIABLES;
type Value<N extends Name> = z.output<(typeof VARIABLES)[N][0]>;

/** Reads variables of the environment. An empty one counts as not set. */
export interface Variables {
  /** The value, or its default where there is one. @throws SettingsRefused */
  read<N extends Name>(name: N): Value<N>;
  /** For what has to be set. @throws SettingsRefused */
  required<N extends Name>(name: N): NonNullable<Value<N>>;
}

/** The variables as a program was started with them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function variablesOf(environment: Environment): Variables {
  const read = <N extends Name>(name: N): Value<N> => {
    const [schema] = VARIABLES[name];
    const parsed = schema.safeParse(environment[name] === '' ? undefined : environment[name]);
    if (!parsed.success) throw refusalOf(name);
    return parsed.data as Value<N>;
  };
  return {
    read,
    required<N extends Name>(name: N) {
      const value = read(name);
      if (value === undefined) throw refusalOf(name);
      return value as NonNullable<Value<N>>;
    },
  };
}

/** The value stays out of the message: it may be a secret. */
const refusalOf = (name: Name): SettingsRefused => new SettingsRefused(`${name} must be ${VARIABLES[name][1]}.`);

/** Fewer characters can be guessed; said at the start, and left to whoever sets them. */
const SECRET_CHARACTERS_MIN = 16;

/** Variables whose secret is too short to be one. */
export function weakSecrets(settings: {
  readonly chatHostSecret: string | undefined;
  readonly operatorToken: string | undefined;
}): readonly string[] {
  const secrets = [
    ['THROUGHLINE_CHAT_HOST_SECRET', settings.chatHostSecret],
    ['THROUGHLINE_ADMIN_TOKEN', settings.operatorToken],
  ] as const;
  return secrets.flatMap(([name, secret]) =>
    secret !== undefined && secret.length < SECRET_CHARACTERS_MIN ? [name] : [],
  );
}
