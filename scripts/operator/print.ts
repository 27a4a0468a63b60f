/** Prints data: as JSON where asked for, else as lines for people. */
export function print(data: unknown, json: boolean, lines: () => readonly string[]): void {
  console.log(json ? JSON.stringify(data, null, 2) : lines().join('\n'));
}

/** Rows under headings, in columns as wide as they need to be. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(headings), ...rows.map(line)];
}
