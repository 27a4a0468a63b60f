import type { Clock, Reporter } from '@throughline/kernel/ports';
import { AssignerProtocol } from 'kafkajs';
import { type GroupBroker, isHopeless, kindOf, type Link, recover } from './cluster.ts';
import { reasonOf } from './refusals.ts';

export interface MembershipOptions {
  readonly link: Link;
  readonly group: string;
  readonly topic: string;
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly onFatal: (reason: Error) => void;
  /** These partitions are ours now; everything that was before has been given up. */
  assigned(partitions: readonly number[]): void;
  /** Gives up all partitions; resolves when nothing of them runs. Until then we count as a member. */
  giveUp(): Promise<void>;
  /** For dashboards only: how far each partition is, where that has changed since it was asked last. */
  handled(): readonly { readonly partition: number; readonly offset: string }[];
}

/** A member that says nothing for so long is taken for dead; it stops by its own clock no later than that. */
export const SESSION_TIMEOUT_MS = 6_000;
/** How long the others wait at a rebalance for a member whose batch still runs. */
const REBALANCE_TIMEOUT_MS = 60_000;
const HEARTBEAT_MS = 1_000;
const ANSWER_MS = 1_500;
const PAUSE = { firstMs: 100, maxMs: 2_000 } as const;

type Generation = { readonly broker: GroupBroker; readonly groupGenerationId: number; readonly memberId: string };

/**
 * One member of a consumer group of one topic, by Kafka's classic protocol, eagerly: at every rebalance it gives up everything
 * before it joins again. Heartbeats come from a clock of their own, whatever a batch does.
 */
export class Membership {
  /** Resolves when it has joined for the first time; rejects where it never will. */
  readonly joined: Promise<void>;
  readonly #options: MembershipOptions;
  readonly #groupId: string;
  readonly #end: Promise<void>;
  #memberId = '';
  #isLeaving = false;
  #wake: () => void = () => undefined;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#groupId = `${options.group}.${options.topic}`;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.joined = promise;
    this.#end = this.#run(resolve, reject);
  }

  /** Resolves when all is given up and the group knows that we are gone. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    this.#wake();
    await this.#end;
  }

  /** Generation after generation. Never rejects. */
  async #run(joined: () => void, never: (reason: unknown) => void): Promise<void> {
    const { link, reporter, onFatal, assigned } = this.#options;
    for (let pauseMs: number = PAUSE.firstMs; !this.#isLeaving; ) {
      try {
        const { generation, partitions } = await this.#join();
        if (this.#isLeaving) {
          await this.#leave(generation);
          break;
        }
        reporter.info('log.group-joined', { group: this.#groupId, partitions: partitions.join() });
        assigned(partitions);
        joined();
        pauseMs = PAUSE.firstMs;
        await this.#stay(generation);
      } catch (error) {
        if (isHopeless(error)) {
          never(error);
          onFatal(error instanceof Error ? error : new Error(`Group ${this.#groupId} cannot be joined.`));
          return;
        }
        if (kindOf(error) === 'UNKNOWN_MEMBER_ID') this.#memberId = '';
        if (!isRebalance(error)) reporter.warn('log.group-delayed', { group: this.#groupId, reason: reasonOf(error) });
        if (kindOf(error) === '') await recover(link, error).catch(() => undefined);
        await this.#sleep(pauseMs);
        pauseMs = Math.min(PAUSE.maxMs, pauseMs * 2);
      }
    }
    never(new Error(`Group ${this.#groupId} was left before it was joined.`));
  }

  async #join(): Promise<{ generation: Generation; partitions: readonly number[] }> {
    const { link, topic } = this.#options;
    const groupId = this.#groupId;
    const broker = await this.#coordinator();
    const { name, metadata } = link.assigner.protocol({ topics: [topic] });
    const joined = await broker.joinGroup({
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      memberId: this.#memberId,
      groupProtocols: [{ name, metadata }],
    });
    const { generationId, memberId, leaderId, members } = joined;
    this.#memberId = memberId;
    const groupAssignment = memberId === leaderId ? await link.assigner.assign({ members, topics: [topic] }) : [];
    const { memberAssignment } = await broker.syncGroup({ groupId, generationId, memberId, groupAssignment });
    const assignment = AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {};
    return { generation: { broker, groupGenerationId: generationId, memberId }, partitions: assignment[topic] ?? [] };
  }

  /** Resolves when all is given up: for a rebalance, because the group has lost us or we it, or because we leave. */
  async #stay(first: Generation): Promise<void> {
    const { clock, reporter, giveUp } = this.#options;
    let generation = first;
    let heardMs = clock.nowMs();
    let givingUp: Promise<void> | undefined;
    let isGivenUp = false;
    while (!isGivenUp) {
      await this.#sleep(givingUp === undefined && this.#isLeaving ? 0 : HEARTBEAT_MS);
      if (isGivenUp) break;
      let isOver = this.#isLeaving;
      try {
        await this.#within(this.#beat(generation));
        heardMs = clock.nowMs();
      } catch (error) {
        if (kindOf(error) === 'UNKNOWN_MEMBER_ID') this.#memberId = '';
        if (isRebalance(error)) heardMs = clock.nowMs();
        else generation = await this.#another(generation, error);
        isOver ||= isRebalance(error) || isLoss(error) || clock.nowMs() - heardMs >= SESSION_TIMEOUT_MS;
      }
      if (isOver && givingUp === undefined) {
        reporter.info('log.group-giving-up', { group: this.#groupId });
        givingUp = giveUp().then(() => {
          isGivenUp = true;
          this.#wake();
        });
      }
    }
    if (this.#isLeaving) await this.#leave(generation);
  }

  async #beat({ broker, groupGenerationId, memberId }: Generation): Promise<void> {
    const groupId = this.#groupId;
    await broker.heartbeat({ groupId, groupGenerationId, memberId });
    const partitions = this.#options.handled();
    if (partitions.length === 0) return;
    const topics = [{ topic: this.#options.topic, partitions: [...partitions] }];
    // Nobody starts from it: a failure only makes a dashboard late.
    await broker.offsetCommit({ groupId, groupGenerationId, memberId, topics }).catch(() => undefined);
  }

  /** The same generation at the coordinator as it is now, where it can be found. */
  async #another(generation: Generation, error: unknown): Promise<Generation> {
    const { link, reporter } = this.#options;
    reporter.warn('log.heartbeat-delayed', { group: this.#groupId, reason: reasonOf(error) });
    try {
      if (kindOf(error) === '') await this.#within(recover(link, error));
      return { ...generation, broker: await this.#within(this.#coordinator()) };
    } catch {
      return generation;
    }
  }

  async #leave({ broker, memberId }: Generation): Promise<void> {
    // Who cannot say goodbye is missed after the session timeout.
    await this.#within(broker.leaveGroup({ groupId: this.#groupId, memberId })).catch(() => undefined);
  }

  async #coordinator(): Promise<GroupBroker> {
    const { cluster } = this.#options.link;
    await cluster.refreshMetadataIfNecessary();
    return (await cluster.findGroupCoordinator({ groupId: this.#groupId })) as GroupBroker;
  }

  /** Rejects where there is no answer soon: a broker that hangs must not hide that our session is over. */
  async #within<T>(answer: Promise<T>): Promise<T> {
    const silence = Promise.withResolvers<never>();
    const cancel = this.#options.clock.after(ANSWER_MS, () => silence.reject(new Error('There was no answer.')));
    try {
      return await Promise.race([answer, silence.promise]);
    } finally {
      cancel();
    }
  }

  /** Ends early when something has changed. */
  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(delayMs, () => resolve());
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

const isRebalance = (error: unknown): boolean => kindOf(error) === 'REBALANCE_IN_PROGRESS';
const isLoss = (error: unknown): boolean => /^(UNKNOWN_MEMBER_ID|ILLEGAL_GENERATION)$/.test(kindOf(error));
