import { join } from 'node:path';
import { expect } from 'chai';
import * as house from './house.ts';
import * as imports from './imports.ts';
import * as packages from './packages.ts';
import * as purity from './purity.ts';
import { codeOf, importsOf, type Rule, repositoryFiles } from './source.ts';

const absolute = (...parts: readonly string[]): string => ['', ...parts].join('/');
const manifest = (change: object): string =>
  JSON.stringify({ name: '@throughline/http', version: '0.1.0', license: 'Apache-2.0', type: 'module', ...change });

/** Each rule with files that it has to catch, and files that look like those and are fine. */
const RULES: readonly {
  readonly law: string;
  readonly rule: Rule;
  readonly caught: readonly [string, string][];
  readonly fine: readonly [string, string][];
}[] = [
  {
    law: 'pure rooms are handed their clock, chance and I/O',
    rule: purity.purity,
    caught: [
      ['services/case-state/src/decide.ts', 'const now = Date.now();'],
      ['services/case-state/src/decide-load.ts', 'const now = new Date();'],
      ['services/chat-gateway/src/normalize.ts', 'const id = randomUUID();'],
      ['services/chat-gateway/src/render.ts', 'setTimeout(run, 5);'],
      ['services/audit/src/view.ts', "import { readFile } from 'node:fs/promises';"],
      ['services/agent/src/playbooks/refund.ts', 'if (Math.random() > 0.5) run();'],
      ['infra/kernel/src/commit.ts', 'process.exit(1);'],
      ['infra/language/src/phone.ts', "import net from 'node:net';"],
    ],
    fine: [
      [
        'services/case-state/src/decide.ts',
        '// Date.now() is not for us.\nconst text = new Date(timeMs).toISOString();',
      ],
      ['services/case-state/src/decide.test.ts', 'const now = Date.now();'],
      ['services/chat-gateway/src/door.ts', 'setTimeout(run, 5);'],
    ],
  },
  {
    law: 'only main.ts and the configuration of the mesh read the environment',
    rule: purity.configuration,
    caught: [['services/chat-gateway/src/door.ts', 'const port = process.env.PORT;']],
    fine: [
      ['services/chat-gateway/src/main.ts', 'const port = process.env.PORT;'],
      ['infra/mesh/src/configuration.ts', 'const port = process.env.PORT;'],
    ],
  },
  {
    law: 'imports go down',
    rule: imports.directions,
    caught: [
      ['infra/kernel/src/a.ts', "import { x } from '@throughline/schemas/load';"],
      ['infra/language/src/a.ts', "import { x } from '@throughline/kernel/ports';"],
      ['schemas/src/a.ts', "import { x } from '@throughline/http/problem';"],
      ['infra/keyring/src/a.ts', "import { x } from '@throughline/schemas/load';"],
      ['infra/gateway/src/a.ts', "import type { x } from '@throughline/case-state/decide';"],
      ['services/agent/src/a.ts', "import { x } from '@throughline/audit/view';"],
      ['services/agent/src/a.ts', "const x = await import('@throughline/log-embedded/log');"],
      ['services/agent/src/service.ts', "import { x } from '@throughline/platform/run';"],
      ['services/agent/src/main.ts', "import { x } from '@throughline/log-kafka/log';"],
    ],
    fine: [
      ['services/agent/src/a.ts', "import { x } from '@throughline/kernel/ports';"],
      ['services/agent/src/main.ts', "import { x } from '@throughline/platform/run';"],
      ['infra/mesh/src/a.ts', "import { x } from '@throughline/agent/main';"],
      ['services/agent/src/a.test.ts', "import { x } from '@throughline/log-embedded/log';"],
    ],
  },
  {
    law: 'a package of infra says what it may import',
    rule: imports.directionsAreStated,
    caught: [['infra/novel/src/a.ts', '']],
    fine: [['infra/kernel/src/a.ts', '']],
  },
  {
    law: 'relative imports stay in the package and name the file',
    rule: imports.relativeImports,
    caught: [
      ['services/agent/src/a.ts', "import { x } from './b';"],
      ['services/agent/src/a.ts', "import { x } from '../../audit/src/b.ts';"],
    ],
    fine: [['services/agent/src/playbooks/a.ts', "import { x } from '../b.ts';"]],
  },
  {
    law: 'what a package imports it declares',
    rule: imports.declaredImports,
    caught: [
      ['infra/http/src/a.ts', "import { z } from 'zod';"],
      ['infra/http/src/a.ts', "import { x } from '@throughline/kernel/ports';"],
    ],
    fine: [
      ['infra/http/src/a.ts', "import { join } from 'node:path';"],
      ['infra/http/src/a.ts', "import { x } from '@throughline/http/b';"],
    ],
  },
  {
    law: 'a file is one room',
    rule: house.fileSizes,
    caught: [['infra/http/src/a.ts', 'x;\n'.repeat(351)]],
    fine: [
      ['infra/http/src/a.ts', 'x;\n'.repeat(350)],
      ['schemas/src/generated/messages.ts', 'x;\n'.repeat(351)],
    ],
  },
  {
    law: 'names say what is inside',
    rule: house.fileNames,
    caught: ['utils.ts', 'http-helpers.ts', 'common/a.ts', 'session-manager.ts', 'index.ts'].map((name) => [
      `infra/http/src/${name}`,
      '',
    ]),
    fine: [['infra/http/src/commonwealth.ts', '']],
  },
  {
    law: 'nothing is any',
    rule: house.noAny,
    caught: ['const x: any = 1;', 'f(x as any);', 'type T = Map<string, any>;', 'let x: any[];'].map((text) => [
      'infra/http/src/a.ts',
      text,
    ]),
    fine: [['infra/http/src/a.ts', "// any is not allowed\nconst any = f('as any');"]],
  },
  {
    law: 'nothing is asserted not to be null',
    rule: house.noNonNull,
    caught: ['f(x!);', 'x.y!.z;', 'a[0]!;'].map((text) => ['infra/http/src/a.ts', text]),
    fine: [['infra/http/src/a.ts', "if (a !== b && !c) throw f('Stop!');"]],
  },
  {
    law: 'the type checker stays on',
    rule: house.noUnchecked,
    caught: [['infra/http/src/a.ts', '// @ts-ignore\nf();']],
    fine: [['infra/http/src/a.ts', "f('@ts-ignore');"]],
  },
  {
    law: 'nothing is left to be done',
    rule: house.noTodo,
    caught: [['infra/http/src/a.ts', '// TODO later']],
    fine: [['infra/http/src/a.ts', "const TODO = 'x';"]],
  },
  {
    law: 'all tests run',
    rule: (files) => [...house.noOnly(files), ...house.noSkip(files), ...house.skipOnlyWhatIsElsewhere(files)],
    caught: ["it.only('x', f);", "describe.skip('x', f);", "xit('x', f);", 'this.skip();'].map((text) => [
      'infra/http/src/a.test.ts',
      text,
    ]),
    fine: [
      ['infra/http/src/a.test.ts', "if (!existsSync('../shared/corpora')) this.skip();"],
      ['tests/flow/a.test.ts', 'if (!hasChromium) this.skip();'],
      ['tests/contract/log.ts', "(features.offsetsWithoutGaps ? it : it.skip)('numbers without gaps', f);"],
    ],
  },
  {
    law: 'nothing of one machine is in the project',
    rule: house.noMachine,
    caught: [
      ['README.md', `cd ${absolute('home', 'ada', 'code')}`],
      ['infra/http/src/a.ts', `const x = '${absolute('tmp', 'x')}';`],
      ['pnpm-lock.yaml', `tarball: https://${['registry', 'example', 'org'].join('.')}/a.tgz`],
    ],
    fine: [['README.md', 'open /chat and GET /api/cases']],
  },
  {
    law: 'every package has a package.json',
    rule: packages.everyPackage,
    caught: [['infra/novel/src/a.ts', '']],
    fine: [],
  },
  {
    law: 'packages say what they are and depend on exact versions',
    rule: packages.manifests,
    caught: [
      { name: 'http' },
      { version: undefined },
      { license: undefined },
      { type: 'commonjs' },
      { dependencies: { zod: '^4.0.0' } },
      { devDependencies: { zod: 'latest' } },
    ].map((change) => ['infra/http/package.json', manifest(change)]),
    fine: [
      ['infra/http/package.json', manifest({ dependencies: { zod: '4.6.7', '@throughline/kernel': 'workspace:*' } })],
    ],
  },
];

describe('tidy', () => {
  const files = repositoryFiles(join(import.meta.dirname, '..', '..'));
  const root = { path: 'package.json', text: manifest({ name: 'throughline' }) };
  const own = { path: 'infra/http/package.json', text: manifest({}) };

  for (const { law, rule, caught, fine } of RULES) {
    describe(law, () => {
      it('holds in this repository', () => {
        expect(rule(files).map(({ path, problem }) => `${path} ${problem}`)).to.deep.equal([]);
      });

      it('is seen to be broken', () => {
        for (const [path, text] of caught)
          expect(rule([root, ...(path === own.path ? [] : [own]), { path, text }]), text).not.to.deep.equal([]);
        expect(caught).not.to.deep.equal([]);
      });

      it('lets pass what only looks like it', () => {
        for (const [path, text] of fine)
          expect(rule([root, ...(path === own.path ? [] : [own]), { path, text }]), text).to.deep.equal([]);
      });
    });
  }

  it('knows files to look at', () => {
    expect(files.map(({ path }) => path)).to.include('package.json');
    expect(files.length).to.be.greaterThan(50);
  });

  it('names only exceptions that are still needed', () => {
    for (const [path, { because }] of Object.entries(purity.PURITY_EXCEPTIONS)) {
      expect(
        files.some((file) => file.path === path),
        path,
      ).to.equal(true);
      expect(because).not.to.equal('');
    }
  });

  it('tells code from comments, strings, templates and regular expressions', () => {
    const text = `a(); // b()\n/* c() */ d('e()', \`f() \${g()}\`, /h()/.test(i) / j());`;
    expect(codeOf(text, 'blank').match(/\w+(?=\()/g)).to.deep.equal(['a', 'd', 'g', 'test', 'j']);
  });

  it('finds imports of every kind, and none in comments', () => {
    const text =
      "import a from 'a';\nimport type { b } from \"b\";\nexport { c } from 'c';\n// import 'd';\nimport 'e';\nawait import('f');";
    expect(importsOf(text)).to.deep.equal(['a', 'b', 'c', 'e', 'f']);
  });
});
