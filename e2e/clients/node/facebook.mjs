// Meta's Node SDK, unmodified but for its host: one purchase. Exit 0 only if it reports the event received.
import sdk from 'facebook-nodejs-business-sdk';
import { context, eventID, fail, ingest, need, within } from './env.mjs';

Object.defineProperty(sdk.FacebookAdsApi, 'GRAPH', { get: () => ingest });
const user = new sdk.UserData().setEmail(context.traits.email).setPhone(context.traits.phone)
  .setClientIpAddress(context.ip).setClientUserAgent(context.userAgent);
const custom = new sdk.CustomData().setValue(59.9).setCurrency('usd').setOrderId(eventID);
const event = new sdk.ServerEvent().setEventName('Purchase').setEventId(eventID).setEventTime(Math.floor(Date.now() / 1000))
  .setEventSourceUrl(context.page.url).setActionSource('website').setUserData(user).setCustomData(custom);
const answer = await within(20, new sdk.EventRequest(need('TOKEN'), need('DATASET')).setEvents([event]).execute());
if (answer.events_received !== 1) fail(`received: ${answer.events_received}`);
