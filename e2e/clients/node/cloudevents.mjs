// The CloudEvents SDK, unmodified: one purchase, in the mode that MODE says (binary or structured). Exit 0 only if the
// answer is good.
import { CloudEvent, Mode, emitterFor, httpTransport } from 'cloudevents';
import { context, eventID, fail, ingest, need, within } from './env.mjs';

const emit = emitterFor(httpTransport(`${ingest}/v1/platform/cloudevents?access_token=${need('TOKEN')}`), {
  mode: need('MODE') === 'binary' ? Mode.BINARY : Mode.STRUCTURED,
});
const answer = await within(20, emit(new CloudEvent({
  id: eventID,
  source: 'https://erp.example.com/orders',
  type: 'com.example.order.completed',
  data: { order_id: eventID, value: 59.9, currency: 'USD', email: context.traits.email, external_id: 'cust-77' },
})));
if (answer && answer.statusCode && answer.statusCode >= 300) fail(`answer: ${answer.statusCode}`);
