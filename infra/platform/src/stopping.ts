/**
 * Stops this process in order when it is told to: SIGTERM or SIGINT, and, where asked for, the end of its standard input, which
 * is how it hears that whoever started it was killed. The same signal again ends it at once. Ends with 0, or with 1 and one
 * sentence where the stop rejects.
 */
export function stopWhenTold(stop: () => Promise<void>, { withInput }: { readonly withInput: boolean }): void {
  let isStopping = false;
  const stopOnce = (): void => {
    if (isStopping) return;
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`The stop did not end well: ${error instanceof Error ? error.message : 'unknown'}`);
        process.exit(1);
      },
    );
  };
  // The next one of the same kind does what it does by default. Ctrl-C in a terminal sends SIGINT to all, whoever else sends SIGTERM.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stopOnce);
  // Who reads our lines may be gone before us: that must not keep us from ending in order.
  for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
  if (withInput) process.stdin.once('close', stopOnce).resume();
}
