// Segment's Node client, unmodified but for its host: a purchase and an identify. Exit 0 only if it reports both delivered.
import { Analytics } from '@segment/analytics-node';
import { context, eventID, fail, ingest, properties, userId, within, writeKey } from './env.mjs';

const analytics = new Analytics({ writeKey, host: ingest, path: '/v1/batch', maxRetries: 0 });
analytics.on('error', (error) => fail(`${error.code}: ${error.reason}`));
const delivered = (send) => new Promise((done) => send((error) => (error ? fail(error) : done())));

await within(20, Promise.all([
  delivered((done) => analytics.track({ event: 'Order Completed', userId, messageId: eventID, context, properties }, done)),
  delivered((done) => analytics.identify({ userId, messageId: `${eventID}-identify`, traits: context.traits }, done)),
]));
await analytics.closeAndFlush();
