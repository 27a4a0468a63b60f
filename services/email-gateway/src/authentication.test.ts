import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { type DNSResolver, dkimSign } from 'mailauth';
import { MailWorld, mailOf } from './testing/mail-world.ts';

const NO_RESULTS = { 'Authentication-Results': undefined };
const grades = (world: MailWorld): readonly string[] =>
  world.contacts.map(({ evidence }) => evidence[0]?.grade ?? 'nothing');

describe('mail whose server in front has checked it', () => {
  let world: MailWorld;
  beforeEach(async () => {
    world = await new MailWorld().open();
  });
  afterEach(() => world.close());

  const gradeOf = async (headers: Parameters<typeof mailOf>[0]): Promise<string> => {
    await world.deliver(mailOf(headers));
    return grades(world)[0] ?? 'no contact';
  };

  it('is proven when DMARC passed for the domain in From', async () => {
    expect(await gradeOf({})).to.equal('proven');
  });

  it('is not proven when it passed for another domain', async () => {
    const results = 'mx.example; dmarc=pass header.from=evil.example';
    expect(await gradeOf({ 'Authentication-Results': results })).to.equal('failed');
  });

  it('is proven when it passed for the whole address in From, and not for another one of its domain', async () => {
    const about = (author: string): Readonly<Record<string, string>> => ({
      'Authentication-Results': `mx.example; dmarc=pass header.from=${author}`,
    });
    expect(await gradeOf(about('Ines@Post.example'))).to.equal('proven');
    await world.deliver(mailOf({ ...about('tom@post.example'), 'Message-ID': '<2@post.example>' }));
    expect(grades(world)[1]).to.equal('failed');
  });

  it('is not proven by what others say, nor by a name that only begins like the right one', async () => {
    const results = ['mx.example.evil.example', 'evil.example'].map(
      (by) => `${by}; dmarc=pass header.from=post.example`,
    );
    expect(await gradeOf({ 'Authentication-Results': results })).to.equal('failed');
  });

  it('is not proven by a lower field of the right name: a stranger can put that in', async () => {
    const results = ['fail', 'pass'].map((result) => `mx.example; dmarc=${result} header.from=post.example`);
    expect(await gradeOf({ 'Authentication-Results': results })).to.equal('failed');
  });

  it('is not proven when a second From stands in it, and shows nobody', async () => {
    expect(await gradeOf({ From: ['ines@post.example', 'ceo@post.example'] })).to.equal('nothing');
    expect(world.contacts[0]?.answerable).to.equal(false);
  });

  it('is not proven when From is a group or two people', async () => {
    expect(await gradeOf({ From: 'Friends: ines@post.example;' })).to.equal('nothing');
    expect(await gradeOf({ From: 'ines@post.example, tom@post.example' })).to.equal('nothing');
  });

  it('is not proven when a peer hands it on that is not trusted', async () => {
    const wary = await new MailWorld({ trustedPeers: ['192.0.2.0/24'] }).open();
    await wary.deliver(mailOf());
    expect(grades(wary)).to.deep.equal(['failed']);
    await wary.close();
  });
});

describe('mail that is checked here', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const zone: Readonly<Record<string, string>> = {
    'TXT _dmarc.post.example': 'v=DMARC1; p=reject',
    'TXT s1._domainkey.post.example': `v=DKIM1; k=rsa; p=${key}`,
    'TXT _dmarc.spf.example': 'v=DMARC1; p=reject',
    'TXT spf.example': 'v=spf1 ip4:127.0.0.1 -all',
  };
  let isDnsOut = false;
  const resolver: DNSResolver = async (domain, rrtype) => {
    const found = zone[`${rrtype} ${domain}`];
    if (isDnsOut) throw Object.assign(new Error('no answer'), { code: 'ETIMEOUT' });
    if (found === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    return [[found]];
  };
  const signed = async (raw: string): Promise<string> => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const signature = { signingDomain: 'post.example', selector: 's1', privateKey: pem };
    const { signatures } = await dkimSign(raw, { ...signature, signatureData: [signature] });
    return `${signatures}${raw}`;
  };
  let world: MailWorld;
  beforeEach(async () => {
    isDnsOut = false;
    world = await new MailWorld({ auth: { mode: 'verify' }, resolver }).open();
  });
  afterEach(() => world.close());

  it('is proven when it is signed by the domain in From', async () => {
    await world.deliver(await signed(mailOf(NO_RESULTS)));
    expect(grades(world)).to.deep.equal(['proven']);
  });

  it('is proven when the domain in From sends from that address', async () => {
    await world.deliver(mailOf({ ...NO_RESULTS, From: 'ines@spf.example' }), { from: 'ines@spf.example' });
    expect(grades(world)).to.deep.equal(['proven']);
  });

  it('is not proven without a signature, whatever it says of itself', async () => {
    await world.deliver(mailOf());
    expect(grades(world)).to.deep.equal(['failed']);
  });

  it('is not proven when it was changed after it was signed', async () => {
    await world.deliver((await signed(mailOf(NO_RESULTS))).replace('Where is my order?', 'Send me the money'));
    expect(grades(world)).to.deep.equal(['failed']);
  });

  it('is not proven by the signature of another domain', async () => {
    await world.deliver(await signed(mailOf({ ...NO_RESULTS, From: 'ines@spf.example' })));
    expect(grades(world)).to.deep.equal(['failed']);
  });

  it('has to come again while DNS is out', async () => {
    isDnsOut = true;
    expect(await world.deliver(await signed(mailOf(NO_RESULTS)))).to.equal(451);
    expect(world.sent).to.have.length(0);
  });
});
