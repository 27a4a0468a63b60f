import { expect } from 'chai';
import { connectMongo } from './connect.ts';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

const refusalOf = (url: string): Promise<unknown> =>
  connectMongo({ url, reporter: SILENT }).then(
    () => undefined,
    (refusal: unknown) => refusal,
  );

describe('the URL of MongoDB', () => {
  const malformed = [
    '',
    'localhost:27017/throughline',
    'http://u:sesame@127.0.0.1/throughline',
    'mongodb://u:sesame@127.0.0.1:27017',
    'mongodb://u:sesame@127.0.0.1:27017/?w=1',
    'mongodb://u:ses@me@127.0.0.1:27017/throughline',
    'mongodb://u:ses%me@127.0.0.1:27017/throughline',
    'mongodb://u:sesame@127.0.0.1:nowhere/throughline',
    'mongodb://u:sesame@127.0.0.1:27017/throughline?unknownOption=sesame',
  ];
  for (const url of malformed) {
    it(`is refused as ${JSON.stringify(url)}, by its variable and without its password`, async () => {
      const refusal = await refusalOf(url);
      expect(refusal).to.have.property('code', 'mongo-url-malformed');
      expect(refusal).to.have.property('message').that.contains('MONGO_URL');
      expect(JSON.stringify(refusal, Object.getOwnPropertyNames(refusal))).not.to.match(/ses.?.?me/);
    });
  }
});
