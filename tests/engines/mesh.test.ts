import { SERVICES } from '@throughline/front/routes';
import { expect } from 'chai';
import { Stage, type Start } from '../../scripts/demo/stage.ts';
import { type Played, playStory } from '../../scripts/demo/story.ts';
import { type ProcessMesh, startProcesses } from '../../scripts/mesh/processes.ts';
import { ownEngines } from './running.ts';

const PATIENCE_MS = 180_000;
const LOOK_EVERY_MS = 250;
/** How much of what the processes said last is shown when the story does not hold. */
const LINES_MAX = 60;

for (const instances of [1, 2]) {
  describe(`the demo's story on real engines, every service as ${instances} process${instances === 1 ? '' : 'es'}`, function () {
    this.timeout(PATIENCE_MS);
    const lines: string[] = [];
    const undo: (() => Promise<void>)[] = [];
    let mesh: ProcessMesh;
    let stage: Stage;

    before(async () => {
      const engines = await ownEngines();
      undo.push(() => engines.stop());
      stage = await Stage.open(
        {
          PATH: process.env.PATH ?? '',
          KAFKA_BROKERS: engines.kafka.brokers,
          SCHEMA_REGISTRY_URL: engines.registry.url,
          MONGO_URL: engines.mongo.url,
          THROUGHLINE_LOG_LEVEL: 'warn',
        },
        { start },
      );
      undo.push(() => stage.close());
    });
    after(async () => {
      for (const one of undo.toReversed()) await one();
    });
    afterEach(function () {
      if (this.currentTest?.state === 'failed') console.error(lines.slice(-LINES_MAX).join('\n'));
    });

    const start: Start = async (environment, workingDirectory) => {
      mesh = await startProcesses({
        environment,
        workingDirectory,
        instances,
        printer: (name) => (line) => lines.push(`${name}: ${line}`),
        progress: () => undefined,
      });
      while ((await mesh.waitingFor()).length > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const [smtp] = mesh.smtp;
      if (smtp === undefined) throw new Error('Nobody takes mail.');
      return { ...mesh, smtp };
    };

    it('every process answers for its own readiness', async () => {
      const answers = await Promise.all(
        SERVICES.flatMap((service) =>
          Array.from({ length: instances }, async (_, n) => {
            const answer = await fetch(`${mesh.url}/readyz/${service}/${n + 1}`);
            return `${service}/${n + 1} ${answer.status} ${await answer.text()}`;
          }),
        ),
      );
      expect(answers.filter((answer) => !answer.includes(' 200 '))).to.deep.equal([]);
    });

    it('plays as it does in one process, and every check of it holds', async () => {
      const played: Played = await playStory(stage, () => undefined);
      expect(played.checks.filter(({ ok }) => !ok).map(({ name }) => name)).to.deep.equal([]);
      expect(played.checks).to.have.length.greaterThan(8);
    });
  });
}
