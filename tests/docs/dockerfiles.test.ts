import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '@throughline/front/routes';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..', '..');

describe('the Dockerfiles', () => {
  for (const [folder, name] of [...SERVICES.map((service) => ['services', service]), ['infra', 'front']]) {
    it(`of ${name} builds that service alone, for somebody who is not root`, () => {
      const file = join(root, `${folder}/${name}/Dockerfile`);
      expect(existsSync(file)).to.equal(true);
      const text = readFileSync(file, 'utf8');
      const image = text.slice(text.lastIndexOf('FROM '));
      expect(text).to.include(`pnpm@12 build ${name} /service`);
      expect(image).to.match(/^FROM node:24-slim$/m);
      expect(image).to.include(`OTEL_SERVICE_NAME=${name} `);
      expect(image.indexOf('USER node')).to.be.within(1, image.indexOf('CMD ["node", '));
      expect(image)
        .to.match(/"dist\/main\.js"\]$/m)
        .and.not.to.include('RUN npx');
    });
  }
});
