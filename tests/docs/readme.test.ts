import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseActions } from '@throughline/agent/actions';
import { readHostToken } from '@throughline/chat-gateway/host-login';
import { SERVICES } from '@throughline/front/routes';
import { readLine } from '@throughline/identity-resolution/import-line';
import { readSettings } from '@throughline/mesh/settings';
import { CASE_EVENTS, CASE_INPUTS, partitionsOf } from '@throughline/schemas/topics';
import { expect } from 'chai';
import { Stage } from '../../scripts/demo/stage.ts';
import { playStory } from '../../scripts/demo/story.ts';
import { fenced, namedPaths, relativeLinks, section, tableRows } from './markdown.ts';
import { problemsInCode } from './problems-in-code.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/bench-engines.md',
  'docs/fuzzing.md',
  'docs/operations.md',
  'docs/problems.md',
  'docs/schemas.md',
  'docs/simulation.md',
  ...readdirSync(join(root, 'docs', 'decisions')).map((name) => `docs/decisions/${name}`),
];

describe('the documents', () => {
  for (const page of PAGES) {
    it(`${page} names only commands that exist`, () => {
      // Quoted, or at the beginning of a line of a block: "pnpm installs" in a sentence is no command.
      const named = [...read(page).matchAll(/(?:`|^)(?:npx --yes pnpm@12|pnpm) ([a-z][\w:]*)/gm)].map(
        (match) => match[1],
      );
      expect(named.filter((name) => ![...scripts, 'install'].includes(name ?? ''))).to.deep.equal([]);
    });

    it(`${page} links only to what is there`, () => {
      const missing = relativeLinks(read(page)).filter((target) => !existsSync(join(root, dirname(page), target)));
      expect(missing).to.deep.equal([]);
    });

    it(`${page} names only files and folders that are there`, () => {
      expect(namedPaths(read(page)).filter((path) => !existsSync(join(root, path)))).to.deep.equal([]);
    });
  }

  it('tell a user or a contributor of every command that there is', () => {
    const told = readme + read('CONTRIBUTING.md');
    expect(scripts.filter((name) => !new RegExp(`pnpm(@12)? ${name}(?![\\w:])`).test(told))).to.deep.equal([]);
  });

  it('say how to run every service as its own process with options and commands that there are', () => {
    const said = section(readme, '## Every service its own process');
    const engines = help('scripts/engines.ts');
    expect([...said.matchAll(/(?:pnpm )?engines (\w+)/g)].map(([, name]) => name)).to.include.members(['up', 'down']);
    for (const [, name = ''] of said.matchAll(/`?engines (up|down|status)/g))
      expect(engines).to.match(new RegExp(`^  ${name} `, 'm'));
    for (const [option] of said.matchAll(/--\w+/g)) expect(help('scripts/start-mesh.ts')).to.contain(option);
    const kafka = read('infra/log-kafka/src/security.ts');
    for (const [variable] of said.matchAll(/KAFKA_S\w+/g)) expect(kafka).to.contain(variable);
  });

  it('say as many instances as there are partitions of cases', () => {
    const rows = tableRows(section(read('ARCHITECTURE.md'), '## How it grows'));
    const limits = rows.flatMap((row) => /\b(\d+) instances/.exec(row[2] ?? '')?.[1] ?? []);
    expect(limits).to.deep.equal([CASE_EVENTS, CASE_INPUTS, CASE_EVENTS].map((topic) => String(partitionsOf(topic))));
    expect(rows.flatMap(([services = '']) => services.split(', '))).to.have.members(SERVICES);
  });

  it('start with the two commands that are the whole set-up', () => {
    expect(fenced(section(readme, '## Start'), 'sh')).to.deep.equal([
      'npx --yes pnpm@12 start\nnpx --yes pnpm@12 test\n',
    ]);
  });

  it("give the operator's commands as the command line has them", () => {
    const named = tableRows(section(readme, '## Operators')).map(([command]) => command ?? '');
    const subcommands = named.map((command) => command.replace('pnpm throughline ', ''));
    for (const subcommand of subcommands) {
      const words = subcommand.split(' ');
      const names = words.filter((word) => !word.startsWith('<'));
      const help = throughline([...names, '--help']);
      expect(help).to.contain(`throughline ${names.join(' ')} [options]`);
      for (const argument of words.filter((word) => word.startsWith('<'))) expect(help).to.contain(argument);
    }
    expect(subcommands).to.have.members(operatorCommands());
    // A process for each command.
  }).timeout(120_000);

  it('tell the story as the demo plays it', async () => {
    const [transcript = ''] = fenced(section(readme, '## The story'), 'text');
    const stage = await Stage.open();
    try {
      const told: string[] = [];
      await playStory(stage, ({ who, text }) =>
        told.push((who === '' ? text : `${who}: ${text}`).replace(/\n+/g, ' ')),
      );
      expect(told.filter((line) => !transcript.includes(line))).to.deep.equal([]);
    } finally {
      await stage.close();
    }
  });

  it('show an actions file that is one', () => {
    const [example = ''] = fenced(section(readme, '## Your backend'), 'json');
    const parsed = parseActions(JSON.parse(example));
    expect(parsed).to.include({ ok: true });
    expect(parsed.ok ? parsed.actions.map(({ name }) => name) : []).to.deep.equal(['order_status', 'request_refund']);
  });

  it('show customers that can be imported', () => {
    const [example = ''] = fenced(section(readme, '## Your customers'), 'ndjson');
    const lines = example
      .trim()
      .split('\n')
      .map((line) => readLine(line, 'DE'));
    expect(lines.map((line) => (line.ok ? line.customer.externalId : line.reason))).to.deep.equal(['C-1001', 'C-1002']);
  });

  it('show how a site signs a host token that the chat takes', async () => {
    const secret = 'a secret of the site';
    const [snippet = ''] = fenced(section(readme, "## Your site's chat"), 'js');
    const run = `${snippet}\nconsole.log(await hostTokenFor('C-1001'));`;
    const token = execFileSync(process.execPath, ['--input-type=module', '--eval', run], {
      cwd: root,
      encoding: 'utf8',
      env: { THROUGHLINE_CHAT_HOST_SECRET: secret },
    }).trim();
    const shown = await readHostToken(token, secret, Date.now());
    expect('login' in shown ? shown.login.externalId : shown.problem.code).to.equal('C-1001');
  });
});

describe('the table of settings', () => {
  const rows = tableRows(section(readme, '## Configuration'));
  const source = read('infra/platform/src/variables.ts');

  it('lists exactly the variables that are read', () => {
    const known = [...source.matchAll(/^ {2}([A-Z_]+): \[/gm)].map((match) => match[1]);
    expect(known).not.to.be.empty;
    expect(rows.map(([name]) => name)).to.deep.equal(known);
  });

  const unset = readSettings({}, root);
  for (const [name = '', byDefault = ''] of rows) {
    if (byDefault === 'not set') {
      it(`${name} has no default`, () => {
        const entry = new RegExp(`${name}: \\[[\\s\\S]*?(?=\\n {2}[A-Z_]+: |as const)`).exec(source)?.[0] ?? '';
        expect(entry).to.match(/\.optional\(\)|\.default\(\[\]\)/);
      });
    } else {
      it(`${name} is ${byDefault} by default`, () => {
        expect(readSettings({ [name]: byDefault }, root)).to.deep.equal(unset);
      });
    }
  }
});

describe('the page of problems', () => {
  const found = problemsInCode(root);
  const page = read('docs/problems.md');

  it('explains exactly the codes that are used', () => {
    const explained = tableRows(page).map(([code]) => code);
    expect(new Set(explained).size).to.equal(explained.length);
    expect([...explained].sort()).to.deep.equal([...found.keys()].sort());
  });

  it('says which status a code comes with', () => {
    const rows = tableRows(page).filter((row) => row.length === 4 && row[1] !== '4xx');
    expect(rows).not.to.be.empty;
    for (const [code = '', status] of rows) expect([...(found.get(code) ?? [])], code).to.deep.equal([status]);
  });

  it('says what to do about each', () => {
    expect(tableRows(page).filter((row) => row.some((cell) => cell === ''))).to.deep.equal([]);
  });
});

const help = (script: string): string =>
  execFileSync(process.execPath, [script, '--help'], { cwd: root, encoding: 'utf8' });

const throughline = (args: readonly string[]): string =>
  execFileSync(process.execPath, ['scripts/throughline.ts', ...args], { cwd: root, encoding: 'utf8' });

/** Commands with their arguments, groups opened, as the command line's own help lists them. */
function operatorCommands(group: readonly string[] = []): readonly string[] {
  const listed = [...throughline([...group, '--help']).matchAll(/^ {2}([a-z]+)((?: \[options\])?)((?: <\w+>)*)/gm)];
  return listed
    .filter((match) => match[1] !== 'help')
    .flatMap(([, name = '', options = '', args = '']) =>
      options === '' ? operatorCommands([...group, name]) : [[...group, name].join(' ') + args],
    );
}
