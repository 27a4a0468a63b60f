/** The phone, as a process of its own. The carrier signs for a public URL, which it has to be told. */
import { runService } from '@throughline/platform/run';
import { openVoiceGateway } from './service.ts';

await runService({
  name: 'voice-gateway',
  environment: process.env,
  configure: ({ read, required }) => {
    const publicUrl = required('THROUGHLINE_PUBLIC_URL');
    return {
      region: read('THROUGHLINE_REGION'),
      authToken: read('THROUGHLINE_TWILIO_AUTH_TOKEN'),
      publicUrl: () => publicUrl,
    };
  },
  build: (on, settings) => openVoiceGateway({ ...on, ...settings }),
});
