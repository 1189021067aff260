// Segment's analytics.js on a page of the ORIGIN that ingest allows, unmodified but for its host. jsdom is the browser: its
// XMLHttpRequest sends an Origin and a preflight. Exit 0 only if every answer was good.
import { JSDOM } from 'jsdom';
import { context, fail, ingest, properties, userId, within, writeKey } from './env.mjs';

const page = `${process.env.ORIGIN || 'https://shop.example.com'}/checkout/done?fbclid=IwAR2F4`;
const { window } = new JSDOM('<!doctype html><title>Done</title>', { url: page, referrer: 'https://shop.example.com/cart' });
const answers = [];
class Watched extends window.XMLHttpRequest {
  constructor() {
    super();
    this.addEventListener('loadend', () => answers.push(this.status));
  }
}
for (const name of ['document', 'location', 'navigator', 'localStorage', 'sessionStorage', 'CustomEvent', 'Event']) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}
Object.assign(globalThis, { window, self: window, XMLHttpRequest: Watched, fetch: undefined });
Object.assign(window, { XMLHttpRequest: Watched, fetch: undefined });

const { AnalyticsBrowser } = await import('@segment/analytics-next');
const { host, protocol } = new URL(ingest);
const [analytics] = await AnalyticsBrowser.load({
  writeKey,
  cdnSettings: { integrations: { 'Segment.io': { apiKey: writeKey, apiHost: `${host}/v1`, protocol: protocol.slice(0, -1) } } },
});
await within(20, analytics.identify(userId, { email: context.traits.email, phone: context.traits.phone }));
const sent = await within(20, analytics.track('Order Completed', properties, { traits: context.traits }));
const failed = sent.failedDelivery();
if (failed) fail(failed.reason);
if (answers.length !== 2 || answers.some((status) => status !== 200)) fail(`answers: ${answers}`);
process.exit(0); // its timers go on
