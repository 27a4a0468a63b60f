import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * From now on no file of this process may grow, as on a full disk; what it writes into the middle of one still succeeds. A new
 * process in its place has room again. By `prlimit` of util-linux, so on Linux alone.
 */
export async function fillDisk(pid: number): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(pid), '--fsize=1:']);
}
