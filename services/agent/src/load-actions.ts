import { readFile } from 'node:fs/promises';
import { type ActionSpec, parseActions } from './actions.ts';

/** The actions file cannot be used. The message is one sentence for whoever starts the mesh. */
export class ActionsFileInvalid extends Error {
  readonly code = 'actions-file-invalid';
}

/** The actions that the playbooks use. */
const PLAYED: readonly string[] = ['order_status', 'refund_status', 'request_refund'];

/** Names that no playbook uses: a slip, or meant for a model that comes later. They are never called. */
export const unplayedActions = (actions: readonly ActionSpec[]): readonly string[] =>
  actions.flatMap(({ name }) => (PLAYED.includes(name) ? [] : [name]));

/**
 * Reads the file that `THROUGHLINE_ACTIONS` names.
 * @throws ActionsFileInvalid where there is no such file or it is not an actions file
 */
export async function loadActions(path: string): Promise<readonly ActionSpec[]> {
  const parsed = parseActions(await readJson(path));
  if (!parsed.ok) throw new ActionsFileInvalid(`THROUGHLINE_ACTIONS (${path}): ${parsed.error}`);
  return parsed.actions;
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new ActionsFileInvalid(`THROUGHLINE_ACTIONS (${path}): there is no file that can be read.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ActionsFileInvalid(`THROUGHLINE_ACTIONS (${path}): the file is not JSON.`);
  }
}
