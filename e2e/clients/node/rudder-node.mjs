// RudderStack's Node client, unmodified but for its host: it posts gzip under a wrong Content-Type. Exit 0 only if it
// reports its batch delivered.
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { context, fail, ingest, properties, userId, within, writeKey } from './env.mjs';

const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl: ingest, flushAt: 20, flushInterval: 60000, maxInternalQueueSize: 100 });
analytics.track({ event: 'Order Completed', userId, context, properties });
await within(20, new Promise((done) => {
  analytics.flush((error) => (error ? fail(error) : done()));
}));
process.exit(0); // its timers go on
