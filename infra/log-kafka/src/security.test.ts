import { expect } from 'chai';
import { readKafkaSecurity } from './security.ts';

const SCRAM = {
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: 'mesh',
  KAFKA_SASL_PASSWORD: 'quite secret',
};

/** Fails where the settings are taken. */
function problemOf(environment: Readonly<Record<string, string>>): string {
  const read = readKafkaSecurity(environment);
  return 'problem' in read ? read.problem : expect.fail('The settings were taken.');
}

describe('the security settings of Kafka', () => {
  it('ask for nothing where nothing is set, or set to nothing', () => {
    const nothing = { KAFKA_SSL: '', KAFKA_SASL_MECHANISM: '', KAFKA_SASL_USERNAME: '', KAFKA_SASL_PASSWORD: '' };
    for (const environment of [{}, nothing]) {
      expect(readKafkaSecurity(environment)).to.deep.equal({ security: { ssl: false } });
    }
  });

  it('take TLS and a mechanism with its name and password', () => {
    expect(readKafkaSecurity({ KAFKA_SSL: 'true', ...SCRAM })).to.deep.equal({
      security: { ssl: true, sasl: { mechanism: 'scram-sha-512', username: 'mesh', password: 'quite secret' } },
    });
  });

  it('name the variable that cannot be used', () => {
    expect(problemOf({ KAFKA_SSL: 'yes' })).to.match(/^KAFKA_SSL /);
    expect(problemOf({ ...SCRAM, KAFKA_SASL_MECHANISM: 'kerberos' })).to.match(/^KAFKA_SASL_MECHANISM /);
    expect(problemOf({ ...SCRAM, KAFKA_SASL_USERNAME: '' })).to.match(/^KAFKA_SASL_USERNAME /);
    expect(problemOf({ ...SCRAM, KAFKA_SASL_PASSWORD: '' })).to.match(/^KAFKA_SASL_PASSWORD /);
    expect(problemOf({ KAFKA_SASL_PASSWORD: 'quite secret' })).to.match(/^KAFKA_SASL_PASSWORD /);
  });

  it('never quote a password', () => {
    for (const changed of [{ KAFKA_SASL_MECHANISM: '' }, { KAFKA_SASL_USERNAME: '' }, { KAFKA_SSL: 'maybe' }]) {
      expect(problemOf({ ...SCRAM, ...changed })).not.to.include('secret');
    }
  });

  it('send no password over an open connection', () => {
    expect(problemOf({ ...SCRAM, KAFKA_SASL_MECHANISM: 'plain' })).to.include('set KAFKA_SSL to true');
  });
});
