import type { Arguments, Database, Task, User } from './shop.ts';
import { effectOf } from './tools.ts';

/** One thing that is to be done for a task. */
export interface Step {
  readonly name: string;
  readonly args: Arguments;
  readonly effect: 'read' | 'write';
  /** Counts the writes that are put to the customer first; 0 for what is done without asking. */
  readonly ask: number;
  readonly label: string;
}

/** A task as it is played: whose it is, what they want, what is right to do, in order. */
export interface Script {
  readonly taskId: string;
  /** What the case calls it. */
  readonly reference: string;
  readonly user: User;
  readonly story: string;
  readonly steps: readonly Step[];
  /** How the customer answers to who they are by the task's own steps; null where it has none. */
  readonly identification: string | null;
}

/** Reads a task. Throws where it is nobody's, or asks for a tool that there is not. */
export function scriptOf(task: Task, database: Database): Script {
  const { reason_for_call: story } = task.user_scenario.instructions;
  const steps: Step[] = [];
  for (const { name, arguments: args } of distinct(task.evaluation_criteria.actions)) {
    const effect = effectOf(name);
    if (effect === undefined) throw new Error(`Task ${task.id} asks for a tool that there is not: ${name}`);
    const isPut = effect === 'write' && name !== 'transfer_to_human_agents';
    const ask = isPut ? steps.filter((step) => step.ask > 0).length + 1 : 0;
    steps.push({ name, args, effect, ask, label: labelOf(name, args) });
  }
  const finds = steps.filter(isIdentification);
  return {
    taskId: task.id,
    reference: `request ${task.id}`,
    user: userOf(task, database),
    story,
    steps,
    identification: finds.length === 0 ? null : finds.map(({ args }) => Object.values(args).join(' ')).join(', or '),
  };
}

export const isIdentification = ({ name }: Pick<Step, 'name'>): boolean => name.startsWith('find_user_id_by_');

/** A read that is listed twice is one step: the agent may look again, the list does not make it. */
function distinct(actions: Task['evaluation_criteria']['actions']): Task['evaluation_criteria']['actions'] {
  const seen = new Set<string>();
  return actions.filter(({ name, arguments: args }) => {
    const key = JSON.stringify([name, args]);
    const isNew = effectOf(name) === 'write' || !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

const LABELS: Readonly<Record<string, string>> = {
  cancel_pending_order: 'cancel',
  exchange_delivered_order_items: 'exchange what you named of',
  return_delivered_order_items: 'take back what you named of',
  modify_pending_order_items: 'change the items of',
  modify_pending_order_address: 'change the address of',
  modify_pending_order_payment: 'change how you pay for',
};

const labelOf = (name: string, args: Arguments): string => {
  if (name === 'modify_user_address') return 'change your address';
  return `${LABELS[name] ?? name.replaceAll('_', ' ')} order ${String(args.order_id ?? '')}`.trim();
};

/** Whose task it is: the owner of its orders, or who the story says it is. */
function userOf(task: Task, database: Database): User {
  const { known_info: said } = task.user_scenario.instructions;
  const named = task.evaluation_criteria.actions.flatMap(({ arguments: args }) => [
    String(args.user_id ?? ''),
    database.orders[String(args.order_id ?? '')]?.user_id ?? '',
  ]);
  const all = Object.values(database.users);
  const user =
    named.flatMap((id) => database.users[id] ?? [])[0] ??
    all.find(({ user_id, email }) => said.includes(user_id) || said.includes(email)) ??
    all.find(
      ({ name, address }) => said.includes(`${name.first_name} ${name.last_name}`) && said.includes(address.zip),
    );
  if (user === undefined) throw new Error(`Task ${task.id} is nobody's`);
  return user;
}
