import { readMasterKey } from '@throughline/keyring/master-key';
import { type KafkaSecurity, readKafkaSecurity } from '@throughline/log-kafka/security';
import { type Environment, SettingsRefused, variablesOf } from './variables.ts';

/** What every process of a service is told from outside. */
export interface ProcessSettings {
  readonly host: string;
  readonly httpPort: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly kafka: { readonly brokers: readonly string[]; readonly security: KafkaSecurity };
  readonly registryUrl: string;
  readonly mongoUrl: string;
  /** 32 bytes; the same for all services. */
  readonly masterKey: Uint8Array;
}

/**
 * Reads what every process needs. Nothing is made up that must be the same everywhere: the master key has to be given.
 * @throws SettingsRefused, KeyringRefused with one sentence that names the variable
 */
export function readProcessSettings(environment: Environment): ProcessSettings {
  const { read, required } = variablesOf(environment);
  const kafka = readKafkaSecurity(environment);
  if ('problem' in kafka) throw new SettingsRefused(kafka.problem);
  return {
    host: read('THROUGHLINE_HOST'),
    httpPort: read('THROUGHLINE_HTTP_PORT'),
    logLevel: read('THROUGHLINE_LOG_LEVEL'),
    kafka: { brokers: read('KAFKA_BROKERS'), security: kafka.security },
    registryUrl: read('SCHEMA_REGISTRY_URL'),
    mongoUrl: read('MONGO_URL'),
    masterKey: readMasterKey(required('THROUGHLINE_MASTER_KEY')),
  };
}
