import { expect } from 'chai';
import { readRoute } from './route.ts';
import { MailWorld, mailOf, NOW_MS } from './testing/mail-world.ts';
import { makeRevocationToken } from './token.ts';

describe('what is kept of a mail', () => {
  let world: MailWorld;
  beforeEach(async () => {
    world = await new MailWorld().open();
  });
  afterEach(() => world.close());

  const withFile = (text: string): string => {
    const parts = ['--b', 'Content-Type: text/plain', '', text, '--b', ...FILE_HEAD, '', 'the file', '--b--'];
    return mailOf({ 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' }, parts.join('\n'));
  };
  const FILE_HEAD = ['Content-Type: text/csv; name=list.csv', 'Content-Disposition: attachment; filename=list.csv'];
  const names = () => {
    const [contact] = world.contacts;
    return { mail: readRoute(contact?.route ?? null)?.raw, file: contact?.turn?.attachments[0]?.blob };
  };

  it('is sealed, the mail and its files', async () => {
    await world.deliver(withFile('My card is 4111 1111 1111 1111'));
    const bytes = [...world.blobs.values()].map((blob) => Buffer.from(blob).toString('latin1'));
    expect(bytes).to.have.length(2);
    for (const plain of ['4111', 'ines@post.example', 'the file']) expect(bytes.join()).not.to.include(plain);
    expect(world.kept('mail', names().mail)?.toString()).to.include('4111 1111 1111 1111');
    expect(world.kept('attachment', names().file)?.toString().trim()).to.equal('the file');
  });

  it('is erased with the key of its contact', async () => {
    await world.deliver(withFile('Hello'));
    world.keyring.destroy(`contact:${world.contacts[0]?.contactId}`);
    expect(world.kept('mail', names().mail)).to.equal(undefined);
    expect(world.kept('attachment', names().file)).to.equal(undefined);
  });

  it('has no name that tells that two mails are the same', async () => {
    await world.deliver(mailOf());
    await world.deliver(mailOf());
    expect(world.blobs.size).to.equal(2);
    expect(world.contacts[1]?.contactId).to.equal(world.contacts[0]?.contactId);
  });

  it('is nothing where the mail takes a claim back: no record would name it', async () => {
    const claim = { claimId: `clm_${'1'.repeat(32)}`, customerId: `cus_${'2'.repeat(32)}` };
    const token = makeRevocationToken(world.keyring.mac, claim, 'ines@post.example', NOW_MS);
    await world.deliver(mailOf(), { to: `${token}@help.example` });
    expect(world.revocations).to.deep.equal([{ ...claim, by: 'mail' }]);
    expect(world.blobs.size).to.equal(0);
  });
});
