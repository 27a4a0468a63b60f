/** Where tests look for it. */
export { freePort } from '../../scripts/mesh/free-port.ts';
