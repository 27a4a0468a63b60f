import { codeOf, commentsOf, forbid, isCode, isTest, type Rule } from './source.ts';

const LINES_MAX = 350;

const isGenerated = (path: string): boolean => path.includes('/generated/');
const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path) && !isGenerated(path);

/** A file is one room: what does not fit into it is two things. */
export const fileSizes: Rule = (files) =>
  files
    .filter(({ path }) => isCode(path) && !isGenerated(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => ({ path, problem: `has ${lines} lines of at most ${LINES_MAX}: it is two things` }));

/** Names that say nothing collect everything; an index file hides where things are. */
export const fileNames: Rule = (files) =>
  files
    .filter(({ path }) => /(^|[/._-])(utils?|helpers?|common|managers?|misc)([/._-]|$)|(^|\/)index\.[jt]s$/i.test(path))
    .map(({ path }) => ({ path, problem: 'has a name that does not say what is in it' }));

export const noAny = forbid(
  isTypeScript,
  /(?:[:<|]|\bas|\bextends)\s*any\b(?!\s*[:.(?])|,\s*any\s*[>\]]|=\s*any\s*;/,
  'uses any; take unknown and look',
);
export const noNonNull = forbid(
  isTypeScript,
  /[\w)\]]!(?!=)/,
  'asserts that something is not null; handle that it may be',
);
export const noUnchecked: Rule = (files) =>
  files
    .filter(({ path, text }) => isTypeScript(path) && /@ts-(?:ignore|nocheck|expect-error)\b/.test(commentsOf(text)))
    .map(({ path }) => ({ path, problem: 'turns the type checker off' }));
export const noTodo: Rule = (files) =>
  files
    .filter(({ path, text }) => isCode(path) && /\b(?:TODO|FIXME|XXX)\b/.test(commentsOf(text)))
    .map(({ path }) => ({ path, problem: 'leaves something to be done: do it, or write an issue' }));
export const noOnly = forbid(isTest, /\b(?:describe|context|it|suite|test)\.only\b/, 'runs only a part of the tests');
/** A contract suite may leave a law out where the adapter's features record says that it does not hold there. */
export const noSkip: Rule = (files) =>
  skips(files.map(({ path, text }) => ({ path, text: text.replace(/\(features\.\w+ \? it : it\.skip\)/g, 'it') })));
const skips = forbid(
  isTest,
  /\b(?:describe|context|it|suite|test)\.skip\b|\bx(?:it|describe|context)\(/,
  'leaves a test out',
);

/** Corpora and a browser are not part of the repository, so their tests may be left out, visibly; nothing else may. */
export const skipOnlyWhatIsElsewhere: Rule = (files) =>
  files
    .filter(
      ({ path, text }) =>
        isTest(path) &&
        /\bthis\.skip\(/.test(codeOf(text, 'blank')) &&
        !/corpora|!hasChromium/.test(codeOf(text, 'keep')),
    )
    .map(({ path }) => ({ path, problem: 'leaves a test out that needs no corpus and no browser' }));

const MACHINE = /(?:^|[\s'"`(=:])\/(?:home|root|Users|work|tmp|mnt|opt)\/[\w.-]+/m;
const REGISTRY_HOST =
  /\b(?:registry|packages?|artifactory|nexus|verdaccio|proxy)\.[a-z0-9-]+\.(?:org|com|net|io|dev|local)\b|\bhttps?:\/\/[^\s'"]*\b(?:artifactory|nexus|verdaccio)\b/i;

/** What is true on one machine only is not part of the project. Every file counts, not just code. */
export const noMachine: Rule = (files) =>
  files.flatMap(({ path, text }) =>
    [MACHINE, REGISTRY_HOST]
      .map((pattern) => pattern.exec(text)?.[0].trim())
      .filter((found) => found !== undefined)
      .map((found) => ({ path, problem: `names something of one machine or its registry: ${found}` })),
  );
