/** The text below a heading, up to the next heading of the same depth or a higher one. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`There is no heading "${heading}".`);
  const depth = heading.indexOf(' ');
  const length = lines.slice(start + 1).findIndex((line) => {
    const marks = /^(#+) /.exec(line)?.[1];
    return marks !== undefined && marks.length <= depth;
  });
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n');
}

/** Contents of the fenced blocks of a language, in order. */
export const fenced = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] ?? '');

/** Cells of all table rows, without headings and rules; code marks taken off. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  return rows
    .filter((row, index) => !RULE.test(row) && !RULE.test(rows[index + 1] ?? ''))
    .map((row) =>
      row
        .slice(1, row.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
    );
}

/** Targets of links to files of the repository, without their anchors. */
export const relativeLinks = (text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/i.test(target) && !target.startsWith('#'))
    .map((target) => target.replace(/#.*$/, ''));

/** Paths of this repository that stand in code marks; those with a pattern in them are left out. */
export const namedPaths = (text: string): readonly string[] =>
  [...text.matchAll(/`((?:docs|infra|schemas|scripts|services|tests)\/[^`\s]*)`/g)]
    .map((match) => match[1] ?? '')
    .filter((path) => !/[<>*]/.test(path));

const RULE = /^\| ?-{3}/;
