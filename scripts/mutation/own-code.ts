/**
 * For a test process in a copy of the tree: `@throughline/…` leads to the copy's own code. Its `node_modules` are those of the tree,
 * whose links to our packages would lead back there, past the mutants.
 */
import { registerHooks } from 'node:module';
import { relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const tree = pathToFileURL(`${process.env.THROUGHLINE_TREE ?? ''}${sep}`).href;

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    const copy = pathToFileURL(`${process.cwd()}${sep}`).href;
    if (!specifier.startsWith('@throughline/') || resolved.url.startsWith(copy)) return resolved;
    return { ...resolved, url: new URL(relative(fileURLToPath(tree), fileURLToPath(resolved.url)), copy).href };
  },
});
