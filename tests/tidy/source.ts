import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the repository; `path` starts at its root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What a rule has against a file. */
export interface Violation {
  readonly path: string;
  readonly problem: string;
}

export type Rule = (files: readonly SourceFile[]) => readonly Violation[];

const TEXT_BYTES_MAX = 2_000_000;

/** Every text file that git tracks or would track. */
export function repositoryFiles(root: string): readonly SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)));
  return paths
    .filter((path) => statSync(join(root, path)).isFile() && statSync(join(root, path)).size <= TEXT_BYTES_MAX)
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
}

export const isCode = (path: string): boolean => /\.(ts|tsx|mts|js|mjs|cjs)$/.test(path);

/** Tests and what only tests use. */
export const isTest = (path: string): boolean => /\.test\.ts$|\/testing\//.test(path) || path.startsWith('tests/');

/** The code with comments blanked out; with `strings: 'blank'` also the insides of strings and regular expressions. Lines stay where they are. */
export function codeOf(text: string, strings: 'keep' | 'blank'): string {
  let code = '';
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = match[0];
    const before = text.slice(at, match.index);
    at = match.index + token.length;
    const isComment = token.startsWith('//') || token.startsWith('/*');
    const regex = token.startsWith('/') && !isComment;
    if (regex && !REGEX_MAY_FOLLOW.test((code + before).slice(-REGEX_CONTEXT))) {
      // A division: only its slash is passed over, so that what follows is read as code.
      code += before + token;
    } else if (isComment || strings === 'blank') {
      code += before + blank(token, isComment);
    } else {
      code += before + token;
    }
  }
  return code + text.slice(at);
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//g;

/** How far back one has to look to tell a regular expression from a division. */
const REGEX_CONTEXT = 40;
const REGEX_MAY_FOLLOW = /(^|[(,=:[!&|?{};+>]|\breturn|\bcase)\s*$/;

/** Templates keep what stands in `${…}`: that is code. */
function blank(token: string, isComment: boolean): string {
  if (isComment) return token.replace(/[^\n]/g, ' ');
  const inner = token.slice(1, -1).replace(/(\$\{[^}]*\})|[^\n]/g, (_, code: string | undefined) => code ?? ' ');
  return `${token.charAt(0)}${inner}${token.charAt(token.length - 1)}`;
}

/** Only the comments, at their places. */
export function commentsOf(text: string): string {
  const code = codeOf(text, 'keep');
  return text.replace(/\S/g, (character, at: number) => (code[at] === character ? ' ' : character));
}

/** What a file imports, in the order of the file. Imports are found where strings are blank, so one inside of a string is none. */
export function importsOf(text: string): readonly string[] {
  return [...codeOf(text, 'blank').matchAll(/(?:\bfrom\s*|\b(?:import|require)\s*\(?\s*)(?:' +'|" +")/g)].map(
    (match) => {
      const end = match.index + match[0].length - 1;
      const start = match.index + match[0].search(/['"]/) + 1;
      return text.slice(start, end);
    },
  );
}

/** Violations of a rule that is one pattern for the code of some files. */
export function forbid(
  applies: (path: string) => boolean,
  pattern: RegExp,
  problem: string,
  strings: 'keep' | 'blank' = 'blank',
): Rule {
  return (files) =>
    files
      .filter(({ path }) => applies(path))
      .flatMap(({ path, text }) => {
        const match = pattern.exec(codeOf(text, strings));
        return match === null ? [] : [{ path, problem: `${problem}: ${match[0].trim()}` }];
      });
}
