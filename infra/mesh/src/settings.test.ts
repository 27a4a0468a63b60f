import { SettingsRefused, weakSecrets } from '@throughline/platform/variables';
import { expect } from 'chai';
import { readSettings } from './settings.ts';

const refusal = (environment: Record<string, string>): string => {
  try {
    readSettings(environment, '/somewhere');
  } catch (error) {
    if (error instanceof SettingsRefused) return error.message;
    throw error;
  }
  return 'taken';
};

describe('the settings', () => {
  it('listen on loopback and have no secret by default', () => {
    const settings = readSettings({}, '/somewhere');
    expect(settings).to.include({
      host: '127.0.0.1',
      httpPort: 8080,
      smtpPort: 2525,
      dataDirectory: '/somewhere/.throughline',
    });
    expect(settings).to.include({
      chatHostSecret: undefined,
      twilioAuthToken: undefined,
      operatorToken: undefined,
      masterKey: undefined,
    });
  });

  it('take an empty variable as one that is not set', () => {
    expect(readSettings({ THROUGHLINE_HTTP_PORT: '', THROUGHLINE_SMTP_OUT: '' }, '/somewhere').httpPort).to.equal(8080);
  });

  it('read lists, and how mail is checked', () => {
    const settings = readSettings(
      { THROUGHLINE_MAIL_DOMAINS: 'A.example, b.example,', THROUGHLINE_EMAIL_AUTH: 'authserv-id:mx.a.example' },
      '/somewhere',
    );
    expect(settings.mailDomains).to.deep.equal(['a.example', 'b.example']);
    expect(settings.emailAuth).to.deep.equal({ mode: 'authserv-id', authservId: 'mx.a.example' });
  });

  const broken = {
    THROUGHLINE_HTTP_PORT: '99999',
    THROUGHLINE_SMTP_PORT: 'many',
    THROUGHLINE_REGION: 'usa',
    THROUGHLINE_LOG_LEVEL: 'loud',
    THROUGHLINE_SMTP_OUT: 'https://mail.example',
    THROUGHLINE_EMAIL_AUTH: 'trust everybody',
    THROUGHLINE_PUBLIC_URL: 'support.example',
    THROUGHLINE_ADMIN_TOKEN: 'with a space',
  };
  for (const [name, value] of Object.entries(broken)) {
    it(`refuse ${name}=${value} in one sentence that names it and not its value`, () => {
      const said = refusal({ [name]: value });
      expect(said).to.match(new RegExp(`^${name} must be .*\\.$`));
      expect(said).not.to.include(value);
    });
  }

  it('tell which secrets are short', () => {
    expect(
      weakSecrets(
        readSettings({ THROUGHLINE_CHAT_HOST_SECRET: 'short', THROUGHLINE_ADMIN_TOKEN: 'a'.repeat(16) }, '/x'),
      ),
    ).to.deep.equal(['THROUGHLINE_CHAT_HOST_SECRET']);
  });
});
