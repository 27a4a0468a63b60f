import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { playStory } from '../../scripts/demo/story.ts';
import { SAID } from './said.ts';

const CARD = '4111111111111111';
const A = 'TN-Validation-Passed-A';

/** What is in it in the clear can be found in it: every byte is a letter of Latin-1. */
const bytesOf = (folder: string, prefix: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.startsWith(prefix) && statSync(join(folder, name)).isFile())
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n');

describe('what customers say stays between them and their case', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open({ THROUGHLINE_LOG_LEVEL: 'silent' });
  });
  afterEach(() => stage.close());

  it('after the whole story nothing of it is in the clear in the database or the metrics', async () => {
    await playStory(stage, () => undefined);
    const code = /\b(\d{6})\b/.exec(stage.mail.received.items.map(({ text }) => text).join('\n'))?.[1] ?? '';
    expect(code).to.have.length(6);
    const places = {
      database: bytesOf(stage.directory, 'throughline.db'),
      metrics: await (await fetch(`${stage.mesh.url}/metrics`)).text(),
    };
    for (const [place, bytes] of Object.entries(places))
      for (const secret of SAID) expect(bytes.includes(secret), `${secret} in the ${place}`).to.equal(false);
    expect(new RegExp(`(?<!\\d)${code}(?!\\d)`).test(places.metrics)).to.equal(false);
  });

  it('after the whole story nothing of it is in the logs, with everything logged', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'loud-story.ts')], {
      env: { PATH: process.env.PATH ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [played, logged, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    expect(code).to.equal(0);
    const { mails } = JSON.parse(played) as { mails: string[] };
    const oneTime = /\b(\d{6})\b/.exec(mails.join('\n'))?.[1] ?? 'no code';
    expect(logged).to.contain('action.reported');
    for (const secret of [...SAID, `"${oneTime}"`, ` ${oneTime}`]) expect(logged).not.to.contain(secret);
  });

  it('a card number is kept nowhere, be it typed in two halves, spoken or mailed', async () => {
    const chat = await stage.anonymous();
    await chat.ask('My card is 4111 1111');
    const { caseId } = await chat.ask('1111 1111, please charge it');
    const call = await stage.call({ from: '+12025550143', callSid: 'CA900', attestation: A });
    await call.hears(/./s);
    await call.ask('It is four one one one one one one one one one one one one one one one');
    await stage.mail.send(stage.mesh.smtp, {
      from: 'someone@else.example',
      to: 'help@support.example',
      subject: `Card ${CARD}`,
      text: 'Charge 4111-1111-1111-1111 please.',
      messageId: '<card@else.example>',
    });
    await stage.mail.receives('someone@else.example', ({ inReplyTo }) => inReplyTo === '<card@else.example>');
    const { items } = await stage.api<{ items: { caseId: string }[] }>('/api/cases');
    expect(items.map((one) => one.caseId)).to.include(caseId);
    const shown: unknown[] = [];
    for (const one of items)
      for (const path of [`/api/cases/${one.caseId}/thread?limit=500`, `/api/audit/cases/${one.caseId}`])
        shown.push(await stage.api(path));
    const all = JSON.stringify(shown);
    expect(all.replace(/[ -]/g, '')).not.to.contain(CARD);
    expect(all)
      .not.to.match(/1111 1111, please/)
      .and.not.to.match(/(one ){8}/);
    expect(bytesOf(stage.directory, '').replace(/[ -]/g, '')).not.to.contain(CARD);
    call.hangUp();
    chat.close();
  });
});
