import { expect } from 'chai';
import { readProcessSettings } from './settings.ts';
import { variablesOf } from './variables.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown';
  }
  return 'taken';
};

describe('the settings of a process', () => {
  it('are engines on loopback and loopback to listen on, unless they say otherwise', () => {
    const settings = readProcessSettings({ THROUGHLINE_MASTER_KEY: KEY });
    expect(settings).to.deep.include({
      host: '127.0.0.1',
      httpPort: 8080,
      registryUrl: 'http://127.0.0.1:8081',
      mongoUrl: 'mongodb://127.0.0.1:27017/throughline',
      kafka: { brokers: ['127.0.0.1:9092'], security: { ssl: false } },
    });
    expect(Buffer.from(settings.masterKey).toString('base64')).to.equal(KEY);
  });

  it('never make up the master key, which all services share', () => {
    expect(refusal(() => readProcessSettings({}))).to.equal(
      'THROUGHLINE_MASTER_KEY must be 32 bytes in base64 or hex.',
    );
  });

  it('name several brokers, whatever stands around the commas', () => {
    const settings = readProcessSettings({ THROUGHLINE_MASTER_KEY: KEY, KAFKA_BROKERS: 'a.example:9092, [::1]:9093,' });
    expect(settings.kafka.brokers).to.deep.equal(['a.example:9092', '[::1]:9093']);
  });

  const broken = {
    THROUGHLINE_MASTER_KEY: 'too-short',
    KAFKA_BROKERS: 'a.example',
    KAFKA_SSL: 'perhaps',
    SCHEMA_REGISTRY_URL: 'registry.example',
    MONGO_URL: 'mongodb://secret:word@store.example',
    THROUGHLINE_HTTP_PORT: '70000',
  };
  for (const [name, value] of Object.entries(broken)) {
    it(`refuse ${name}=${value} in one sentence that names it and not its value`, () => {
      const said = refusal(() => readProcessSettings({ THROUGHLINE_MASTER_KEY: KEY, [name]: value }));
      expect(said).to.match(new RegExp(`^${name} .*\\.$`));
      expect(said).not.to.include(value);
    });
  }

  it('say where every instance of every service is', () => {
    const { read } = variablesOf({
      THROUGHLINE_SERVICES: 'audit=http://127.0.0.1:1,case-state=http://[::1]:2,case-state=http://b.example:3',
    });
    expect([...(read('THROUGHLINE_SERVICES') ?? [])]).to.deep.equal([
      ['audit', ['http://127.0.0.1:1']],
      ['case-state', ['http://[::1]:2', 'http://b.example:3']],
    ]);
    for (const THROUGHLINE_SERVICES of ['audit', 'audit=127.0.0.1:1', 'audit=http://a.example/path', ','])
      expect(refusal(() => variablesOf({ THROUGHLINE_SERVICES }).read('THROUGHLINE_SERVICES'))).to.match(
        /^THROUGHLINE_SERVICES must be /,
      );
  });
});
