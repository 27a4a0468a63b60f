import { readSettings } from '@throughline/mesh/settings';
import { expect } from 'chai';
import { planOf } from '../../scripts/mesh/plan.ts';

const settings = readSettings(
  { THROUGHLINE_HTTP_PORT: '0', THROUGHLINE_SMTP_PORT: '0', THROUGHLINE_TRUSTED_PROXIES: '192.0.2.7' },
  import.meta.dirname,
);

describe('the plan of what runs where', () => {
  it('has every service believe the front, and the front those that it was told of', async () => {
    const { processes } = await planOf(settings, 1, 'a token of the operators');
    for (const { service, environment } of processes) {
      expect(environment.THROUGHLINE_TRUSTED_PROXIES, service).to.equal(service === 'front' ? undefined : 'loopback');
    }
  });

  it('gives the operator token to nobody who answers no operator', async () => {
    const { processes } = await planOf(settings, 2, 'a token of the operators');
    const told = processes.filter(({ environment }) => environment.THROUGHLINE_ADMIN_TOKEN !== undefined);
    expect(new Set(told.map(({ service }) => service))).to.deep.equal(
      new Set(['identity-resolution', 'case-state', 'audit', 'operators']),
    );
    expect(told).to.have.length(8);
  });
});
