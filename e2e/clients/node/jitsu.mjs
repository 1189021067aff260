// Jitsu's client on a server, unmodified but for its host: it masks the write key in the body. Exit 0 only if every
// answer was good.
import { jitsuAnalytics } from '@jitsu/js';
import { context, fail, ingest, properties, userId, within, writeKey } from './env.mjs';

const answers = [];
const analytics = jitsuAnalytics({
  host: ingest,
  writeKey: writeKey.includes(':') ? writeKey : `${writeKey}:secret`,
  s2s: true,
  fetch: async (...request) => {
    const answer = await fetch(...request);
    answers.push(answer.status);
    return answer;
  },
});
await within(20, analytics.identify(userId, context.traits));
await within(20, analytics.track('Order Completed', { ...properties, ...{ context } }));
if (answers.length !== 2 || answers.some((status) => status !== 200)) fail(`answers: ${answers}`);
