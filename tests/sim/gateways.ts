import { contactStartedOf } from '@throughline/chat-gateway/normalize';
import type { Session } from '@throughline/chat-gateway/session';
import { ChatSocket } from '@throughline/chat-gateway/socket';
import { createGatewayEdge } from '@throughline/gateway/gateway-edge';
import type { Switchboard } from '@throughline/gateway/line';
import { createSwitchboard } from '@throughline/gateway/switchboard';
import { deriveId } from '@throughline/kernel/ids';
import type { Log } from '@throughline/kernel/ports';
import { newTraceparent } from '@throughline/telemetry/traceparent';
import { type Calls, createCalls } from '@throughline/voice-gateway/calls';
import type { Call } from '@throughline/voice-gateway/normalize';
import { Relay } from '@throughline/voice-gateway/relay';
import type { Foundations } from './foundations.ts';
import { type OtherEnd, SimSocket } from './socket.ts';

const SUCCESSOR_MAX_MS = 2_000;
const SLEEP_MAX_MS = 10_000;
const REGION = 'US';
/** How many channels have two processes. */
const SECOND_INSTANCE_SHARE = 0.3;

/** One process of a gateway, with whoever is connected to it. */
interface Instance {
  readonly switchboard: Switchboard;
  readonly on: ReturnType<Foundations['on']>;
  readonly sockets: Set<SimSocket>;
  readonly calls: Calls;
  /** The newest relay of each call. */
  readonly relays: Map<string, Relay>;
}

/** The gateways of one live channel: processes that crash and are replaced. Customers reach one of those that are up. */
export class Gateways {
  readonly #service: 'chat-gateway' | 'voice-gateway';
  readonly #foundations: Foundations;
  readonly #up = new Set<Instance>();
  #connections = 0;

  constructor(service: 'chat-gateway' | 'voice-gateway', foundations: Foundations) {
    this.#service = service;
    this.#foundations = foundations;
    this.#start();
    if (foundations.world.chance() < SECOND_INSTANCE_SHARE) this.#start();
  }

  /** Contacts that are on, here or there. */
  size(): number {
    return [...this.#up].reduce((sum, { switchboard }) => sum + switchboard.size(), 0);
  }

  /** Opens a chat; undefined while no gateway is up. */
  chat(session: Session, address: string, other: OtherEnd): SimSocket | undefined {
    const instance = this.#any();
    if (instance === undefined) return undefined;
    const { on, switchboard } = instance;
    const { clock, keyring, reporter } = on;
    this.#connections += 1;
    const connectionId = deriveId('con', session.contactId, String(this.#connections));
    const origin = keyring.mac('origin', address);
    const started = contactStartedOf({ session, connectionId, origin, region: REGION, nowMs: clock.nowMs() });
    const socket = this.#socket(instance, other);
    const traceparent = newTraceparent(on.random);
    const { mac } = keyring;
    new ChatSocket({
      socket: socket.webSocket,
      switchboard,
      started,
      traceparent,
      region: REGION,
      clock,
      mac,
      reporter,
    });
    return socket;
  }

  /** The carrier's webhook of a call and then its relay, as often as it is told; undefined while no gateway is up. */
  call(call: Call, again: number, webhooks: number, other: OtherEnd): SimSocket | undefined {
    const asked = this.#any();
    const instance = this.#any();
    if (asked === undefined || instance === undefined) return undefined;
    let known = call;
    for (let time = 0; time < webhooks; time += 1) known = asked.calls.announced(call);
    const { on, switchboard, calls, relays } = instance;
    const socket = this.#socket(instance, other);
    new Relay(socket.webSocket, {
      ...on,
      switchboard,
      mac: on.keyring.mac,
      region: REGION,
      calls,
      takesOver(callSid, relay) {
        const former = relays.get(callSid);
        relays.set(callSid, relay);
        return former;
      },
      over(callSid, relay) {
        if (relays.get(callSid) === relay) relays.delete(callSid);
      },
    });
    const customParameters = asked.calls.ticketOf({ ...known, again });
    socket.receive({
      type: 'setup',
      callSid: call.callSid,
      from: call.from,
      sessionId: `VX${again}`,
      customParameters,
    });
    return socket;
  }

  #any(): Instance | undefined {
    return [...this.#up][this.#foundations.world.below(this.#up.size)];
  }

  #socket(instance: Instance, other: OtherEnd): SimSocket {
    const socket = new SimSocket({
      frame: (frame) => other.frame(frame),
      cut(code) {
        instance.sockets.delete(socket);
        other.cut(code);
      },
    });
    instance.sockets.add(socket);
    return socket;
  }

  #start(): void {
    const { world } = this.#foundations;
    const process = this.#foundations.process(this.#service);
    const on = this.#foundations.on(process);
    let isGone = false;
    // A process that is no more hears nothing more of the log.
    const log: Log = {
      ...on.log,
      tail: (topic, onRecord) =>
        on.log.tail(topic, (record) => {
          if (!isGone) onRecord(record);
        }),
    };
    const edge = createGatewayEdge({ ...on, log, source: this.#service });
    const instance: Instance = {
      switchboard: createSwitchboard({ ...on, log, edge, service: this.#service, busy: () => false }),
      on,
      sockets: new Set(),
      calls: createCalls(on.keyring.mac),
      relays: new Map(),
    };
    this.#up.add(instance);
    process.onLost = () => {
      isGone = true;
      this.#up.delete(instance);
      for (const socket of [...instance.sockets]) socket.die();
      world.clock.after(world.below(SUCCESSOR_MAX_MS), () => this.#start());
      world.clock.after(world.below(SLEEP_MAX_MS), () => process.wake());
    };
  }
}
