import { SERVICES, type ServiceName } from '@throughline/front/routes';
import type { Settings } from '@throughline/mesh/settings';
import type { Environment } from '@throughline/platform/variables';
import { freePort } from './free-port.ts';

/** A process that is to run. */
export interface Planned {
  /** `case-state`, or `case-state/2` where there are several. */
  readonly name: string;
  readonly service: ServiceName | 'front';
  /** Of its HTTP: health and metrics, whatever else it has. */
  readonly url: string;
  /** What it is told besides what all are told. */
  readonly environment: Environment;
}

export interface Plan {
  /** Of the front, which comes last. */
  readonly url: string;
  readonly smtp: readonly { readonly host: string; readonly port: number }[];
  readonly processes: readonly Planned[];
}

const LOOPBACK = '127.0.0.1';
/** Only these are told the operator token. */
const FOR_OPERATORS: readonly string[] = ['identity-resolution', 'case-state', 'audit', 'operators'];

/** Says what runs where: the doors at the ports of the settings, everything else on loopback, at ports that are free. */
export async function planOf(settings: Settings, instances: number, operatorToken: string): Promise<Plan> {
  const { host, httpPort, smtpPort } = settings;
  const smtp: { host: string; port: number }[] = [];
  const processes: Planned[] = [];
  for (const service of SERVICES) {
    for (let instance = 1; instance <= instances; instance += 1) {
      const name = instances === 1 ? service : `${service}/${instance}`;
      const port = await freePort();
      const at = service === 'email-gateway' ? host : LOOPBACK;
      const environment: Record<string, string> = {
        THROUGHLINE_HOST: at,
        THROUGHLINE_HTTP_PORT: String(port),
        // The front, which says who asks; which proxies are before it, it is told itself.
        THROUGHLINE_TRUSTED_PROXIES: 'loopback',
        OTEL_SERVICE_NAME: service,
      };
      if (FOR_OPERATORS.includes(service)) environment.THROUGHLINE_ADMIN_TOKEN = operatorToken;
      if (service === 'email-gateway') {
        // Whether a mail's peer is believed depends on its address, so no proxy stands before SMTP: each instance has a port.
        const door = { host, port: smtpPort === 0 || instance > 1 ? await freePort() : smtpPort };
        environment.THROUGHLINE_SMTP_PORT = String(door.port);
        smtp.push(door);
      }
      processes.push({ name, service, url: urlOf(at, port), environment });
    }
  }
  const frontPort = httpPort === 0 ? await freePort() : httpPort;
  const url = urlOf(host, frontPort);
  const environment = {
    THROUGHLINE_HOST: host,
    THROUGHLINE_HTTP_PORT: String(frontPort),
    THROUGHLINE_SERVICES: processes.map((one) => `${one.service}=${one.url}`).join(),
  };
  return { url, smtp, processes: [...processes, { name: 'front', service: 'front', url, environment }] };
}

const urlOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
