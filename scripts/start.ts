/** `pnpm start`: the whole mesh in one process, on the embedded default. Stays until it is told to stop. */
import { startMesh } from '@throughline/mesh/mesh';
import { OPERATOR_TOKEN_FILE } from '@throughline/mesh/operator-token';
import { readSettings } from '@throughline/mesh/settings';

try {
  const settings = readSettings(process.env, process.cwd());
  const mesh = await startMesh(settings);
  const voice =
    settings.twilioAuthToken === undefined
      ? 'off until THROUGHLINE_TWILIO_AUTH_TOKEN is set'
      : `${settings.publicUrl ?? mesh.url}/voice/incoming`;
  console.log(`Throughline is up.

  chat       ${mesh.url}/chat
  voice      ${voice}
  mail       ${mesh.smtp.host}:${mesh.smtp.port} (SMTP)
  operators  ${mesh.url}/api  Authorization: Bearer ${mesh.operatorToken}
             (also in ${settings.dataDirectory}/${OPERATOR_TOKEN_FILE})
  health     ${mesh.url}/readyz  ${mesh.url}/metrics
  data       ${settings.dataDirectory}

Ctrl-C stops it; what was acknowledged is kept.`);
  const stop = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    mesh.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(`The stop did not end well: ${error instanceof Error ? error.message : 'unknown'}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (refusal) {
  console.error(`Throughline cannot start: ${refusal instanceof Error ? refusal.message : 'unknown reason'}`);
  process.exit(1);
}
