/**
 * Called by the kernel and the gateways at each named step between two effects. In production it does nothing;
 * the crash tests and the simulation stop the world there.
 */
export type Reach = (step: string) => void | Promise<void>;

export const goOn: Reach = () => undefined;
