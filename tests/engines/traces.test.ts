import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engines } from '@throughline/engines/engines';
import { expect } from 'chai';
import { CallClient } from '../../scripts/demo/call-client.ts';
import { type ProcessMesh, startProcesses } from '../../scripts/mesh/processes.ts';
import { MARTA } from '../flow/backend.ts';
import { Collector } from '../flow/collector.ts';
import { until } from '../flow/until.ts';
import { ownEngines } from './running.ts';

const AUTH_TOKEN = 'the-token-of-the-account';
const START_TIMEOUT_MS = 120_000;
const LOOK_EVERY_MS = 250;

describe('a call through services that are processes of their own', () => {
  const directory = mkdtempSync(join(tmpdir(), 'throughline-traces-'));
  let engines: Engines;
  let collector: Collector;
  let mesh: ProcessMesh;

  before(async function () {
    this.timeout(START_TIMEOUT_MS);
    // The topics of the mesh are sealed under its keys: another mesh's records are not for this one.
    engines = await ownEngines();
    const { kafka, registry, mongo } = engines;
    collector = await Collector.open();
    mesh = await startProcesses({
      environment: {
        PATH: process.env.PATH,
        KAFKA_BROKERS: kafka.brokers,
        SCHEMA_REGISTRY_URL: registry.url,
        MONGO_URL: mongo.url,
        THROUGHLINE_DATA_DIR: directory,
        THROUGHLINE_HTTP_PORT: '0',
        THROUGHLINE_SMTP_PORT: '0',
        THROUGHLINE_LOG_LEVEL: 'error',
        THROUGHLINE_TWILIO_AUTH_TOKEN: AUTH_TOKEN,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BSP_SCHEDULE_DELAY: '500',
      },
      workingDirectory: directory,
      instances: 1,
      printer: () => () => undefined,
      progress: () => undefined,
    });
    while ((await mesh.waitingFor()).length > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  });
  after(async function () {
    this.timeout(START_TIMEOUT_MS);
    await mesh?.stop();
    collector?.close();
    await engines?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is one trace from its first byte to what the caller hears, made by every process that had a part in it', async () => {
    const imported = await fetch(`${mesh.url}/api/customers/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${mesh.operatorToken}`, 'content-type': 'application/x-ndjson' },
      body: JSON.stringify(MARTA),
    });
    expect(imported.status).to.equal(200);
    const call = await CallClient.dial({
      url: mesh.url,
      authToken: AUTH_TOKEN,
      callSid: 'CA700',
      from: '+12025550143',
      attestation: 'TN-Validation-Passed-A',
    });
    await call.hears(/./s);
    call.hangUp();

    const [way = []] = await until('the call to be traced', async () => {
      const ways = collector.waysTo('voice-gateway Delivered').filter(([root]) => root?.parentSpanId === '');
      return ways.length > 0 && ways;
    });
    expect(way.map(({ name }) => name)).to.deep.equal([
      'voice-gateway ContactStarted',
      'identity-resolution ContactJoined',
      'case-state ContactBriefed',
      'agent ReplyProposed',
      'case-state ReplyAccepted',
      'voice-gateway Delivered',
    ]);
    const services = ['voice-gateway', 'identity-resolution', 'case-state', 'agent', 'case-state', 'voice-gateway'];
    expect(way.map(({ process: { 'service.name': name } }) => name)).to.deep.equal(services);
    const instances = new Set(way.map((span) => span.process['service.instance.id']));
    expect(instances.size).to.equal(new Set(services).size);
    expect(new Set(way.map(({ attributes }) => attributes['messaging.system']))).to.deep.equal(new Set(['kafka']));
    await until('the rest of it', async () => collector.orphans().length === 0);
    const sent = collector.bodies.map(({ body }) => body).join('\n');
    for (const secret of ['Nowak', 'marta', '2025550143', AUTH_TOKEN]) expect(sent).not.to.contain(secret);
  });
});
