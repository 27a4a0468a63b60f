import { z } from 'zod';

/** How clients of the brokers prove who they are, and whether the way there is encrypted. */
export interface KafkaSecurity {
  /** TLS with the certificate authorities that Node trusts (NODE_EXTRA_CA_CERTS adds one). */
  readonly ssl: boolean;
  readonly sasl?: Sasl;
}

/** Whether settings can be used; if not, one sentence that names the variable. */
export type SecurityRead = { readonly security: KafkaSecurity } | { readonly problem: string };

type Sasl =
  | { readonly mechanism: 'plain'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'scram-sha-256'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'scram-sha-512'; readonly username: string; readonly password: string };

const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

const variables = z.object({
  KAFKA_SSL: z
    .enum(['true', 'false', ''], 'KAFKA_SSL is `true` or `false`: whether the brokers are reached over TLS.')
    .default('false'),
  KAFKA_SASL_MECHANISM: z
    .union([z.literal(''), z.enum(MECHANISMS)], `KAFKA_SASL_MECHANISM is one of ${MECHANISMS.join(', ')}, or not set.`)
    .default(''),
  KAFKA_SASL_USERNAME: z.string().default(''),
  KAFKA_SASL_PASSWORD: z.string().default(''),
});

/**
 * Reads KAFKA_SSL, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD. The problem never quotes a value.
 * A password over an open connection is refused for the mechanism that would send it as it is.
 */
export function readKafkaSecurity(environment: Readonly<Record<string, string | undefined>>): SecurityRead {
  const read = variables.safeParse(environment);
  if (!read.success) return { problem: read.error.issues[0]?.message ?? 'The KAFKA_ settings cannot be read.' };
  const { KAFKA_SSL, KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD } = read.data;
  const ssl = KAFKA_SSL === 'true';
  if (mechanism === '') {
    const lone = KAFKA_SASL_USERNAME !== '' ? 'KAFKA_SASL_USERNAME' : 'KAFKA_SASL_PASSWORD';
    if (KAFKA_SASL_USERNAME === '' && KAFKA_SASL_PASSWORD === '') return { security: { ssl } };
    return { problem: `${lone} is set and KAFKA_SASL_MECHANISM is not: set it to one of ${MECHANISMS.join(', ')}.` };
  }
  if (KAFKA_SASL_USERNAME === '') return { problem: missing('KAFKA_SASL_USERNAME', mechanism) };
  if (KAFKA_SASL_PASSWORD === '') return { problem: missing('KAFKA_SASL_PASSWORD', mechanism) };
  if (mechanism === 'plain' && !ssl) {
    return { problem: 'KAFKA_SASL_MECHANISM is plain, which sends the password as it is: set KAFKA_SSL to true.' };
  }
  return { security: { ssl, sasl: { mechanism, username: KAFKA_SASL_USERNAME, password: KAFKA_SASL_PASSWORD } } };
}

const missing = (name: string, mechanism: string): string => `${name} is not set, and ${mechanism} needs it.`;
