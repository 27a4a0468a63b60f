import { createGatewayEdge } from '@throughline/gateway/gateway-edge';
import { notListening } from '@throughline/http/server';
import type { Foundation, Service } from '@throughline/service/service';
import { createEmailGateway, type EmailGatewayOptions } from './gateway.ts';
import { createFileOutbox, createSmtpOutbox } from './outbox.ts';

const NAME = 'email-gateway';

/** E-mail: the SMTP door, and what sends the mails that cases ask for. */
export function openEmailGateway(
  on: Foundation &
    Pick<EmailGatewayOptions, 'region' | 'mailDomains' | 'auth' | 'trustedPeers' | 'busy'> & {
      readonly smtp: { readonly host: string; readonly port: number };
      /** The server that outgoing mail goes to; without one it is kept in `outboxDirectory`. */
      readonly smtpOut: string | undefined;
      readonly outboxDirectory: string;
    },
): Service & { listen(): Promise<number> } {
  const { smtp, smtpOut, outboxDirectory } = on;
  const outbox =
    smtpOut === undefined ? createFileOutbox({ directory: outboxDirectory }) : createSmtpOutbox({ url: smtpOut });
  const gateway = createEmailGateway({ ...on, outbox, edge: createGatewayEdge({ ...on, source: NAME }) });
  return {
    reactors: [gateway.reactor],
    listen: () =>
      gateway.server.listen(smtp.port, smtp.host).catch((error: unknown) => {
        throw notListening(error, { ...smtp, variable: 'THROUGHLINE_SMTP_PORT' });
      }),
    leave: () => gateway.server.close(),
  };
}
