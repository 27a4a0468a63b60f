/**
 * Why something failed, for logs: the name of an error and its code. Never its message, which may quote what a customer said or how
 * they are reached: a mail server names the address that it refuses.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? `${error.name} ${code}` : error.name;
}
