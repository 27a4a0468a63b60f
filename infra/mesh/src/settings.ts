import { isAbsolute, resolve } from 'node:path';
import { type Environment, variablesOf } from '@throughline/platform/variables';

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
  readonly trustedProxies: readonly string[];
  readonly mailDomains: readonly string[];
  readonly chatHostSecret: string | undefined;
  readonly twilioAuthToken: string | undefined;
  /** Without a slash at the end; undefined: what the mesh listens on. */
  readonly publicUrl: string | undefined;
  readonly actionsFile: string | undefined;
  readonly operatorToken: string | undefined;
  readonly masterKey: string | undefined;
}

/** @throws SettingsRefused for the first variable that cannot be used. An empty variable counts as not set. */
export function readSettings(environment: Environment, workingDirectory: string): Settings {
  const { read } = variablesOf(environment);
  const directory = read('THROUGHLINE_DATA_DIR');
  return {
    host: read('THROUGHLINE_HOST'),
    httpPort: read('THROUGHLINE_HTTP_PORT'),
    smtpPort: read('THROUGHLINE_SMTP_PORT'),
    dataDirectory: isAbsolute(directory) ? directory : resolve(workingDirectory, directory),
    region: read('THROUGHLINE_REGION'),
    logLevel: read('THROUGHLINE_LOG_LEVEL'),
    smtpOut: read('THROUGHLINE_SMTP_OUT'),
    emailAuth: read('THROUGHLINE_EMAIL_AUTH'),
    trustedPeers: read('THROUGHLINE_TRUSTED_PEERS'),
    trustedProxies: read('THROUGHLINE_TRUSTED_PROXIES'),
    mailDomains: read('THROUGHLINE_MAIL_DOMAINS'),
    chatHostSecret: read('THROUGHLINE_CHAT_HOST_SECRET'),
    twilioAuthToken: read('THROUGHLINE_TWILIO_AUTH_TOKEN'),
    publicUrl: read('THROUGHLINE_PUBLIC_URL'),
    actionsFile: read('THROUGHLINE_ACTIONS'),
    operatorToken: read('THROUGHLINE_ADMIN_TOKEN'),
    masterKey: read('THROUGHLINE_MASTER_KEY'),
  };
}
