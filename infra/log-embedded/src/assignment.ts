/**
 * Spreads partitions over the members of a group: nobody holds more than one partition more than anybody else, and
 * as few as possible change hands.
 */
export function assign<Member>(
  owners: readonly (Member | undefined)[],
  members: readonly Member[],
): readonly (Member | undefined)[] {
  const held = new Map(members.map((member) => [member, 0]));
  const floor = Math.floor(owners.length / Math.max(1, members.length));
  let extras = owners.length - floor * members.length;
  const kept = owners.map((owner) => {
    if (owner === undefined) return undefined;
    const count = held.get(owner);
    if (count === undefined || count > floor || (count === floor && extras === 0)) return undefined;
    if (count === floor) extras -= 1;
    held.set(owner, count + 1);
    return owner;
  });
  return kept.map((owner) => {
    if (owner !== undefined) return owner;
    const [least] = [...held].sort(([, left], [, right]) => left - right);
    if (least === undefined) return undefined;
    held.set(least[0], least[1] + 1);
    return least[0];
  });
}
