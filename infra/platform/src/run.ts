import type { Service } from '@throughline/service/service';
import { createLogger } from '@throughline/telemetry/logging';
import { hostService, type On } from './hosting.ts';
import { openPlatform } from './platform.ts';
import { readProcessSettings } from './settings.ts';
import { stopWhenTold } from './stopping.ts';
import { type Environment, type Variables, variablesOf, weakSecrets } from './variables.ts';
import { realClock, realRandom } from './world.ts';

/** A service as its `main.ts` describes it. */
export interface ServiceProcess<Settings> {
  readonly name: string;
  readonly environment: Environment;
  /** Operators call it: THROUGHLINE_ADMIN_TOKEN has to be set. */
  readonly forOperators?: boolean;
  /** Reads what only this service needs, before anything is opened. */
  readonly configure: (variables: Variables) => Settings | Promise<Settings>;
  readonly build: (on: On, settings: Settings) => Service | Promise<Service>;
}

/** How long a stop lets what is under way end. What is left then is taken up by others, or at the next start. */
const DRAIN_MAX_MS = 10_000;

/**
 * Runs a service as this process until it is told to stop, by SIGTERM, SIGINT or, where that is set, the end of its standard input:
 * that drains it.
 * Ends with 0 after a drain, with 1 and one sentence where it cannot start, cannot go on, or had to leave something undone.
 */
export async function runService<Settings>(service: ServiceProcess<Settings>): Promise<void> {
  const { name, environment } = service;
  try {
    const variables = variablesOf(environment);
    const settings = readProcessSettings(environment);
    const own = await service.configure(variables);
    const operatorToken = service.forOperators ? variables.required('THROUGHLINE_ADMIN_TOKEN') : undefined;
    const reporter = createLogger({ service: name, level: settings.logLevel });
    const chatHostSecret = variables.read('THROUGHLINE_CHAT_HOST_SECRET');
    for (const variable of weakSecrets({ chatHostSecret, operatorToken })) reporter.warn('secret.short', { variable });

    const onFatal = (reason: Error): void => end(`${name} cannot go on: ${reason.message}`);
    const platform = await openPlatform({ name, settings, clock: realClock, random: realRandom, reporter, onFatal });
    const hosted = await hostService({
      on: platform,
      build: (on) => service.build(on, own),
      http: { host: settings.host, port: settings.httpPort },
      operatorToken,
      checkStore: platform.checkStore,
      unreachable: platform.unreachable,
    });
    reporter.info('service.started', { host: settings.host, httpPort: hosted.httpPort });
    const stop = async (): Promise<void> => {
      reporter.info('service.stopping');
      realClock.after(DRAIN_MAX_MS, () => end(`${name} did not come to its end within ${DRAIN_MAX_MS} ms.`));
      await hosted.stop();
      await platform.close();
      reporter.info('service.stopped');
    };
    stopWhenTold(stop, { withInput: variables.read('THROUGHLINE_STOP_WITH_INPUT') });
  } catch (refusal) {
    end(`${name} cannot start: ${refusal instanceof Error ? refusal.message : 'unknown reason'}`);
  }
}

function end(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
