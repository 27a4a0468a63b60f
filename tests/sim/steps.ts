/** Whose code awaits: a processor's host, a reactor's host, or the edge of a gateway. */
export type Role = 'processor' | 'reactor' | 'edge';

const ROLES: Readonly<Record<string, Role>> = {
  agent: 'reactor',
  actions: 'reactor',
  'email-gateway': 'reactor',
  gateway: 'edge',
  'chat-gateway': 'edge',
  'voice-gateway': 'edge',
  'mail-door': 'edge',
  operators: 'edge',
};

export const roleOf = (service: string): Role => ROLES[service] ?? 'processor';

/** On either side of a call to a port. */
const around = (...calls: readonly string[]): readonly string[] =>
  calls.flatMap((call) => [`${call}/asked`, `${call}/done`]);

/** A unit half applied: its journal is changed and none of its rows is, then some are. */
const HALF_APPLIED = ['commit/journal', 'commit/row'];

/**
 * Every await of the kernel, before it and behind it, by who awaits: the calls to its ports, and the steps that it names
 * itself. `fire` is the appending of what timers say.
 */
const AWAITS: Readonly<Record<Role, readonly string[]>> = {
  processor: [
    ...around('subscribe', 'open', 'list', 'append', 'prepare', 'load', 'fetch', 'ensure', 'commit', 'due', 'fire'),
    ...HALF_APPLIED,
    ...['opened', 'republished', 'decoded', 'loaded', 'decided', 'built', 'committed', 'appended'],
  ],
  reactor: [
    ...around('subscribe', 'open', 'prepare', 'ensure', 'append', 'commit'),
    ...['taken', 'handled', 'reported', 'saving'],
  ],
  edge: around('ensure', 'append'),
};

/** All of them, as `role/step`: the rows of the table of what struck where. */
export const KERNEL_STEPS: readonly string[] = Object.entries(AWAITS).flatMap(([role, steps]) =>
  steps.map((step) => `${role}/${step}`),
);
