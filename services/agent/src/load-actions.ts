import { readFile } from 'node:fs/promises';
import { type ActionSpec, parseActions } from './actions.ts';

/** The actions file cannot be used. The message is one sentence for whoever starts the mesh. */
export class ActionsFileInvalid extends Error {
  readonly code = 'actions-file-invalid';
}

/** The actions that the playbooks use. Any other name is a slip, and would never be called. */
const PLAYED: readonly string[] = ['order_status', 'refund_status', 'request_refund'];

/**
 * Reads the file that `THROUGHLINE_ACTIONS` names.
 * @throws ActionsFileInvalid where there is no such file or it is not an actions file
 */
export async function loadActions(path: string): Promise<readonly ActionSpec[]> {
  const parsed = parseActions(await readJson(path));
  if (!parsed.ok) throw new ActionsFileInvalid(`THROUGHLINE_ACTIONS (${path}): ${parsed.error}`);
  const unknown = parsed.actions.find(({ name }) => !PLAYED.includes(name));
  if (unknown)
    throw new ActionsFileInvalid(
      `THROUGHLINE_ACTIONS (${path}): no playbook uses the action "${unknown.name}"; they know ${PLAYED.join(', ')}.`,
    );
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
