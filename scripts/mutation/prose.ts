/** What a mutant may change without anybody being worse off: words for people, which no test should repeat word for word. */
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/** As much of a node of Babel's syntax tree as this looks at. */
interface Node {
  readonly type: string;
  readonly callee?: Node;
  readonly property?: { readonly name?: string };
  readonly object?: Node;
  readonly name?: string;
  readonly key?: { readonly name?: string };
}
interface Path {
  readonly node: Node;
  readonly parentPath: Path | null;
  readonly listKey?: string | undefined;
}

const REPORTS: ReadonlySet<string> = new Set(['info', 'warn', 'error']);

/** Why a node is left alone; undefined where it is not. */
export function whyProse({ node, parentPath, listKey }: Path): string | undefined {
  const parent = parentPath?.node;
  if (parent === undefined) return undefined;
  if (listKey === 'arguments' && isReporter(parent.callee)) return 'a report is for people';
  const isText = node.type === 'StringLiteral' || node.type === 'TemplateLiteral';
  if (isText && listKey === 'arguments' && isError(parent.callee)) return 'the sentence of an error is for people';
  if (isText && parent.type === 'ObjectProperty' && parent.key?.name === 'because') return 'a reason is for people';
  return undefined;
}

const isReporter = (callee: Node | undefined): boolean =>
  callee?.type === 'MemberExpression' &&
  REPORTS.has(callee.property?.name ?? '') &&
  (callee.object?.name === 'reporter' || callee.object?.property?.name === 'reporter');

/** Nothing but an error hands a text to the class above. */
const isError = (callee: Node | undefined): boolean =>
  callee?.type === 'Super' || /^(?:Error|Fenced|Unwritable)$/.test(callee?.name ?? '');

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'prose', { shouldIgnore: whyProse })];
