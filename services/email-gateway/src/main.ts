/** E-mail, as a process of its own. */
import { join, resolve } from 'node:path';
import { runService } from '@throughline/platform/run';
import { openEmailGateway } from './service.ts';

await runService({
  name: 'email-gateway',
  environment: process.env,
  configure: ({ read }) => ({
    region: read('THROUGHLINE_REGION'),
    mailDomains: read('THROUGHLINE_MAIL_DOMAINS'),
    auth: read('THROUGHLINE_EMAIL_AUTH'),
    trustedPeers: read('THROUGHLINE_TRUSTED_PEERS'),
    smtp: { host: read('THROUGHLINE_HOST'), port: read('THROUGHLINE_SMTP_PORT') },
    smtpOut: read('THROUGHLINE_SMTP_OUT'),
    outboxDirectory: join(resolve(read('THROUGHLINE_DATA_DIR')), 'outbox'),
  }),
  build: (on, settings) => openEmailGateway({ ...on, ...settings }),
});
