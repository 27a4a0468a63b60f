/**
 * A mesh in a process of its own that kills itself, as `kill -9` would, where `CRASH_AT` says: `<step>#<n>`, the n-th time
 * that the step is reached. Says where it is on standard output once it is ready.
 */
import { startMesh } from '@throughline/mesh/mesh';
import { readSettings } from '@throughline/mesh/settings';

const [step = '', count = '1'] = (process.env.CRASH_AT ?? '').split('#');
let left = Number(count);

const mesh = await startMesh(readSettings(process.env, process.cwd()), {
  reach: (reached) => {
    if (reached !== step) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
console.log(JSON.stringify({ url: mesh.url, smtp: mesh.smtp, token: mesh.operatorToken }));
process.on('SIGTERM', () => void mesh.stop().then(() => process.exit(0)));
