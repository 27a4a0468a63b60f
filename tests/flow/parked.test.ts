import type { Reporter } from '@throughline/kernel/ports';
import { openEngines } from '@throughline/mesh/engines';
import { realClock, realRandom } from '@throughline/platform/world';
import { CASE_INPUTS } from '@throughline/schemas/topics';
import { expect } from 'chai';
import type { ChatClient } from '../../scripts/demo/chat-client.ts';
import { Stage } from '../../scripts/demo/stage.ts';
import { JOEL, MARTA, ShopBackend, takesRefunds } from './backend.ts';
import { runCommand } from './command.ts';
import { until } from './until.ts';

const SILENT: Reporter = { info: () => undefined, warn: () => undefined, error: () => undefined };

interface Parked {
  readonly items: readonly { processor: string; subject: string; reason: string; type: string; offset: number }[];
}

/** A record of Marta's case cannot be read, as after a damaged write or a version that was taken back (law 10). */
describe('a record that cannot be read', () => {
  let shop: ShopBackend;
  let stage: Stage;
  let chat: ChatClient;
  let caseId: string;
  beforeEach(async () => {
    shop = await ShopBackend.open(takesRefunds);
    stage = await Stage.open({ THROUGHLINE_ACTIONS: shop.actionsFile, THROUGHLINE_LOG_LEVEL: 'silent' });
    await stage.importCustomers([MARTA, JOEL]);
    chat = await stage.loggedIn('M-77');
    caseId = (await chat.ask('Please refund order 10-4477.')).caseId ?? '';
    chat.close();
    await stage.restart(() => appendGarbage(stage.directory, caseId));
    await until('the record to be parked', async () => (await parked()).items.length > 0);
  });
  afterEach(async () => {
    chat.close();
    await stage.close();
    shop.close();
  });

  const parked = (): Promise<Parked> => stage.api<Parked>('/api/parked');
  const redrive = (body: Readonly<Record<string, unknown>>): Promise<Response> =>
    stage.fetch('/api/parked/redrive', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ processor: 'case-state', subject: caseId, ...body }),
    });
  const back = async (): Promise<ChatClient> => {
    await chat.connect(stage.mesh.url);
    return chat;
  };

  it('holds its own case: whoever is on it is told, and what they say is kept', async () => {
    await back();
    await chat.say('Any news?');
    const notice = await chat.frames.next('the notice', (frame) => frame.type === 'notice' && frame.code === 'held');
    expect(notice.code).to.equal('held');
    await until('the words to be held', async () => (await parked()).items.some(({ type }) => type === 'CustomerSaid'));
  });

  it('leaves every other case alone', async () => {
    const other = await stage.loggedIn('J-12');
    expect((await other.ask('Please refund order 20-5588.')).text).to.match(/20-5588/);
    other.close();
  });

  it('is listed with its case and the reason, on the API and the command line', async () => {
    const [first] = (await parked()).items;
    expect(first).to.include({ processor: 'case-state', subject: caseId, type: 'CustomerSaid' });
    expect(first?.reason).to.match(/\w/).and.not.equal('behind');
    const listed = await runCommand(stage, ['parked']);
    expect(listed.code).to.equal(0);
    expect(listed.stdout)
      .to.contain(caseId)
      .and.to.contain(first?.reason ?? '');
  });

  it('stays held when it is redriven and still cannot be read, with all that waits behind it', async () => {
    await back();
    await chat.say('Any news?');
    await until('the words to be held', async () => (await parked()).items.some(({ type }) => type === 'CustomerSaid'));
    const before = (await parked()).items;
    expect((await redrive({})).status).to.equal(202);
    // What is said now stands behind the redrive in the log, so once it is held the redrive has been tried.
    await chat.say('Are you still there?');
    const after = await until('the next words to be held', async () => {
      const { items } = await parked();
      return items.length > before.length ? items : undefined;
    });
    const places = ({ items }: Parked): readonly number[] => items.map(({ offset }) => offset);
    expect(places({ items: after.slice(0, before.length) })).to.deep.equal(places({ items: before }));
  });

  it('is set aside where an operator says so, and the case goes on with what was said meanwhile', async () => {
    await back();
    await chat.say('Any news on my refund?');
    await until('the words to be held', async () => (await parked()).items.some(({ type }) => type === 'CustomerSaid'));
    const from = chat.frames.items.length;
    const done = await runCommand(stage, ['redrive', 'case-state', caseId, '--skip-first']);
    expect(done.code, done.stderr).to.equal(0);
    expect((await chat.hears(/10-4477/, from)).caseId).to.equal(caseId);
    expect((await parked()).items).to.deep.equal([]);
    const trail = await until('the trail to be whole', async () => {
      const found = await stage.api<{ verified: boolean; pending: number }>('/api/audit/verify');
      return found.pending === 0 ? found : undefined;
    });
    expect(trail.verified).to.equal(true);
  });

  it('is not redriven for a subject that nothing is held for', async () => {
    const response = await redrive({ subject: 'case_unknown' });
    expect(response.status).to.equal(404);
    expect(await response.json()).to.include({ code: 'nothing-held' });
  });
});

/** What a damaged write would leave: the headers of words that were said there, and bytes that no schema reads. */
async function appendGarbage(directory: string, caseId: string): Promise<void> {
  const engines = await openEngines({
    directory,
    masterKey: undefined,
    clock: realClock,
    random: realRandom,
    reporter: SILENT,
  });
  const ends = await engines.log.ends(CASE_INPUTS);
  const records = await Promise.all(ends.map((end, partition) => engines.log.read(CASE_INPUTS, partition, 0, end)));
  const said = records.flat().find(({ key, headers }) => key === caseId && headers.ce_type === 'CustomerSaid');
  if (!said) throw new Error(`Nothing was said in ${caseId}.`);
  const headers = { ...said.headers, ce_id: 'msg_damaged' };
  await engines.log.append([{ topic: CASE_INPUTS, key: caseId, headers, value: said.value.subarray(0, 9) }]);
  engines.close();
}
