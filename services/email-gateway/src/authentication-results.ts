import { domainToASCII } from 'node:url';

/** What one Authentication-Results field (RFC 8601) says about DMARC. */
export interface StatedDmarc {
  /** Who says it, in lower case. */
  readonly authservId: string;
  /** Undefined where it says nothing about DMARC, or more than one thing. */
  readonly result: string | undefined;
  /** The author that it was about: a domain or a whole address, in lower case, the domain as ASCII. */
  readonly headerFrom: string | undefined;
}

/** Reads the value of a field. Undefined where it has not even a name. Comments may hold anything and count for nothing. */
export function dmarcOf(value: string): StatedDmarc | undefined {
  const [head = [], ...results] = statements(value);
  const authservId = head[0]?.toLowerCase();
  if (authservId === undefined) return undefined;
  const dmarc = results.filter((words) => words[0]?.toLowerCase().startsWith('dmarc='));
  const [words] = dmarc;
  if (dmarc.length !== 1 || words === undefined) return { authservId, result: undefined, headerFrom: undefined };
  const froms = words.filter((word) => word.toLowerCase().startsWith('header.from='));
  return {
    authservId,
    result: words[0]?.slice('dmarc='.length).toLowerCase(),
    headerFrom: froms.length === 1 ? asAuthor(froms[0]?.slice('header.from='.length) ?? '') : undefined,
  };
}

function asAuthor(text: string): string {
  const domainAt = text.lastIndexOf('@') + 1;
  return `${text.slice(0, domainAt).toLowerCase()}${domainToASCII(text.slice(domainAt).toLowerCase())}`;
}

/** The statements between semicolons, each as its words; comments are gone, quotes are opened, `a = b` is `a=b`. */
function statements(value: string): readonly (readonly string[])[] {
  const list: string[][] = [[]];
  let word = '';
  let depth = 0;
  let isQuoted = false;
  const flush = (): void => {
    if (word !== '') list.at(-1)?.push(word);
    word = '';
  };
  for (let at = 0; at < value.length; at += 1) {
    const char = value[at] ?? '';
    if (char === '\\' && (isQuoted || depth > 0)) {
      at += 1;
      if (depth === 0) word += value[at] ?? '';
    } else if (isQuoted) {
      if (char === '"') isQuoted = false;
      else word += char;
    } else if (char === '(') depth += 1;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if (depth > 0) continue;
    else if (char === '"') isQuoted = true;
    else if (char === ';') {
      flush();
      list.push([]);
    } else if (/\s/.test(char)) {
      const isAroundEquals = word.endsWith('=') || /^\s*=/.test(value.slice(at, at + 20));
      if (!isAroundEquals) flush();
    } else word += char;
  }
  flush();
  return list;
}
