import { createConnection } from 'node:net';
import { expect } from 'chai';
import twilio from 'twilio';
import { WebSocket } from 'ws';
import { Stage } from '../../scripts/demo/stage.ts';
import { MARTA, ShopBackend, takesRefunds } from './backend.ts';
import { until } from './until.ts';

const TOKEN = 'the-auth-token-of-these-tests';
const A = 'TN-Validation-Passed-A';
const MB = 1024 * 1024;

describe('bad input of carriers and mail servers gets a clear answer and loses nothing', () => {
  let shop: ShopBackend;
  let stage: Stage;
  before(async () => {
    shop = await ShopBackend.open(takesRefunds);
    stage = await Stage.open({
      THROUGHLINE_ACTIONS: shop.actionsFile,
      THROUGHLINE_TWILIO_AUTH_TOKEN: TOKEN,
      THROUGHLINE_LOG_LEVEL: 'silent',
    });
    await stage.importCustomers([MARTA]);
  });
  after(async () => {
    await stage.close();
    shop.close();
  });

  describe('on the phone', () => {
    const relayUrl = (): string => `${stage.mesh.url.replace('http', 'ws')}/voice/relay`;
    const signatureOf = (url: string, form: Record<string, string>): string =>
      twilio.getExpectedTwilioSignature(TOKEN, url, form);
    const post = (path: string, form: Record<string, string>, signature: string): Promise<Response> =>
      fetch(`${stage.mesh.url}${path}`, {
        method: 'POST',
        headers: { 'x-twilio-signature': signature },
        body: new URLSearchParams(form),
      });
    const relay = async (signature: string): Promise<WebSocket> => {
      const socket = new WebSocket(relayUrl(), { headers: { 'x-twilio-signature': signature } });
      await new Promise<void>((resolve, reject) => {
        socket.once('open', () => resolve());
        socket.once('unexpected-response', (_request, { statusCode }) => reject(new Error(`status ${statusCode}`)));
      }).finally(() => socket.on('error', () => undefined));
      return socket;
    };

    for (const path of ['/voice/incoming', '/voice/status']) {
      it(`a webhook on ${path} that nobody signed, or somebody else, is refused`, async () => {
        const form = { CallSid: 'CA1', From: '+12025550143', CallStatus: 'completed' };
        const ofAnother = signatureOf(`${stage.mesh.url}${path}`, { ...form, From: '+12025550199' });
        for (const signature of ['', 'AAAA', ofAnother]) {
          const response = await post(path, form, signature);
          expect([response.status, ((await response.json()) as { code: string }).code]).to.deep.equal([
            403,
            'not-signed',
          ]);
        }
      });

      it(`a signed form on ${path} without a call is not taken for one`, async () => {
        const response = await post(path, { From: '+1' }, signatureOf(`${stage.mesh.url}${path}`, { From: '+1' }));
        expect([response.status, ((await response.json()) as { code: string }).code]).to.deep.equal([
          400,
          'not-a-webhook',
        ]);
      });
    }

    it('a relay that nobody signed is not opened', async () => {
      for (const signature of ['', 'AAAA']) {
        const refusal = await relay(signature).then(
          () => undefined,
          (error: unknown) => error,
        );
        expect(refusal).to.have.property('message', 'status 403');
      }
    });

    it('a setup of a call that no webhook announced, or of another caller, hears nothing and is let go', async () => {
      await stage.webhook({ from: '+12025550143', callSid: 'CA500', attestation: A });
      for (const setup of [
        { callSid: 'CA501', from: '+12025550143' },
        { callSid: 'CA500', from: '+12025550199' },
        { callSid: 'CA500', from: '+12025550143', customParameters: { ticket: 'forged', verstat: A } },
      ]) {
        const socket = await relay(signatureOf(relayUrl(), {}));
        const heard: string[] = [];
        socket.on('message', (data) => heard.push(String(data)));
        const closed = new Promise<number>((resolve) => socket.once('close', resolve));
        socket.send(JSON.stringify({ type: 'setup', sessionId: 'VX1', ...setup }));
        expect(await closed).to.equal(1008);
        expect(heard.join()).not.to.contain('"text"');
      }
    });

    it('frames that cannot be read, and numbers that are none, end no call', async () => {
      const call = await stage.call({ from: 'sip:nobody@nowhere', callSid: 'CA510', attestation: A });
      await call.hears(/./s);
      for (const frame of [
        [],
        7,
        { type: 'prompt' },
        { type: 'dtmf', digit: '12' },
        { type: 'shout' },
        { type: 'setup' },
      ])
        call.send(frame);
      expect(await call.ask('My order number is 10-4477')).to.match(/\w/);
      call.hangUp();
    });
  });

  describe('by mail', () => {
    /** One SMTP session, command by command; gives every answer. `DATA` sends `mail` behind it. */
    const session = async (commands: readonly string[], mail: string | Buffer = ''): Promise<readonly string[]> => {
      const { host, port } = stage.mesh.smtp;
      const socket = createConnection({ host, port });
      let text = '';
      socket.on('data', (data) => {
        text += String(data);
      });
      const answers: string[] = [];
      const answer = async (): Promise<void> => {
        const line = await until('an answer of SMTP', async () => /^\d{3} .*\r\n/m.exec(text)?.[0].trim());
        text = '';
        answers.push(line);
      };
      await answer();
      for (const command of commands) {
        socket.write(`${command}\r\n`);
        await answer();
        if (command !== 'DATA' || !answers.at(-1)?.startsWith('354')) continue;
        socket.write(mail);
        socket.write('\r\n.\r\n');
        await answer();
      }
      socket.destroy();
      return answers;
    };
    const deliver = async (mail: string | Buffer, from = 'MAIL FROM:<someone@else.example>'): Promise<string> =>
      (await session(['EHLO x', from, 'RCPT TO:<help@support.example>', 'DATA'], mail)).at(-1) ?? '';
    const results = 'Authentication-Results: provider.example; dmarc=pass header.from=mailbox.example';
    const head = (more: string): string =>
      `${results}\r\nFrom: marta.nowak@mailbox.example\r\nTo: help@support.example\r\nSubject: Hi\r\n${more}`;
    const contacts = async (): Promise<number> => {
      const { items } = await stage.api<{ items: unknown[] }>('/api/cases?limit=500');
      return items.length;
    };

    it('for a domain of somebody else is not taken', async () => {
      const answers = await session(['EHLO x', 'MAIL FROM:<a@b.example>', 'RCPT TO:<help@elsewhere.example>']);
      expect(answers.at(-1)).to.match(/^550 /);
    });

    it('of 30 MB is refused, whether it says so or lies', async () => {
      const said = await session(['EHLO x', `MAIL FROM:<a@b.example> SIZE=${30 * MB}`]);
      expect(said.at(-1)).to.match(/^552 /);
      const big = Buffer.concat([Buffer.from(head('\r\n')), Buffer.alloc(30 * MB, `${'x'.repeat(76)}\r\n`)]);
      expect(await deliver(big, 'MAIL FROM:<a@b.example> SIZE=1000')).to.match(/^552 /);
    }).timeout(60_000);

    const bombs: readonly (readonly [string, () => string])[] = [
      [
        'of parts in parts, a thousand deep',
        () => {
          const layers = Array.from({ length: 1000 }, (_, depth) => depth);
          return head(
            layers.map((depth) => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`).join(''),
          );
        },
      ],
      [
        'of ten thousand parts',
        () =>
          head(
            `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(10_000)}--b--`,
          ),
      ],
      ['with a megabyte of headers', () => head(`${'X-More: more\r\n'.repeat(80_000)}\r\nHello`)],
    ];
    for (const [what, bomb] of bombs) {
      it(`${what} is refused for good, and the next mail is answered`, async () => {
        expect(await deliver(bomb())).to.match(/^554 /);
        const messageId = `<after-${bombs.findIndex(([name]) => name === what)}@mailbox.example>`;
        const answered = stage.mail.receives('marta.nowak@mailbox.example', ({ inReplyTo }) => inReplyTo === messageId);
        expect(await deliver(head(`Message-ID: ${messageId}\r\n\r\nWhere is order 10-4477?`))).to.match(/^250 /);
        expect((await answered).text).to.match(/10-4477/);
      }).timeout(30_000);
    }

    it('without a Message-ID or a body is taken', async () => {
      expect(await deliver(head('\r\nWhere is order 10-4477?'))).to.match(/^250 /);
      expect(await deliver(head('Message-ID: <nothing@mailbox.example>\r\n'))).to.match(/^250 /);
    });

    it('without a From is kept, belongs to nobody, and is answered to nobody', async () => {
      const before = stage.mail.received.items.length;
      const cases = await contacts();
      expect(await deliver(`${results}\r\nSubject: Hi\r\n\r\nRefund order 10-4477`)).to.match(/^250 /);
      await until('its case to be there', async () => (await contacts()) > cases);
      const messageId = '<behind@mailbox.example>';
      const answered = stage.mail.receives('marta.nowak@mailbox.example', ({ inReplyTo }) => inReplyTo === messageId);
      await deliver(head(`Message-ID: ${messageId}\r\n\r\nWhere is order 10-4477?`));
      await answered;
      const recipients = stage.mail.received.items.slice(before).map(({ to }) => [to].flat()[0]?.text);
      expect(new Set(recipients)).to.deep.equal(new Set(['marta.nowak@mailbox.example']));
    });
  });
});
