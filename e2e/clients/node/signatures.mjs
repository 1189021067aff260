// The vendors' own libraries on both sides of our signatures. It reads a JSON list of requests {scheme, secret, method, url,
// body, headers, time} from standard input, headers being signed by us, and writes for each {holds, headers}: whether the
// vendor's library takes ours, and the headers of its own signature.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Signature } from '@hubspot/api-client';
import { shopifyApi, ApiVersion } from '@shopify/shopify-api';
import { createSHA256HMAC } from '@shopify/shopify-api/runtime';
import '@shopify/shopify-api/adapters/node';
import { WebhooksHelper } from 'square';
import Stripe from 'stripe';

const require = createRequire(import.meta.url);
const { createHmacOverride } = require(join(dirname(require.resolve('square')), 'core', 'crypto', 'createHmacOverride.js'));

const stripe = new Stripe('sk_test_unused');
const vendors = {
  async stripe(r) {
    const header = stripe.webhooks.generateTestHeaderString({ payload: r.body, secret: r.secret, timestamp: r.time });
    let holds = true;
    try {
      stripe.webhooks.constructEvent(r.body, r.headers['Stripe-Signature'], r.secret);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
      holds = false;
    }
    return { holds, headers: { 'Stripe-Signature': header } };
  },
  async square(r) { // its library exports the verifying side only: the other is what that compares with
    const holds = await WebhooksHelper.verifySignature({
      requestBody: r.body,
      signatureHeader: r.headers['X-Square-Hmacsha256-Signature'],
      signatureKey: r.secret,
      notificationUrl: r.url,
    });
    return { holds, headers: { 'X-Square-Hmacsha256-Signature': await createHmacOverride(r.url + r.body, r.secret) } };
  },
  async hubspot(r) {
    const options = {
      clientSecret: r.secret, requestBody: r.body, url: r.url, httpMethod: r.method, method: r.method, timestamp: r.time * 1000,
    };
    const stamp = Number(r.headers['X-Hubspot-Request-Timestamp']);
    const holds = Signature.isValid({
      ...options, timestamp: stamp, signatureVersion: 'v3', signature: r.headers['X-Hubspot-Signature-V3'],
    });
    return {
      holds,
      headers: {
        'X-HubSpot-Request-Timestamp': String(r.time * 1000),
        'X-HubSpot-Signature-v3': Signature.getSignature(r.method, 'v3', options),
      },
    };
  },
  async shopify(r) {
    const api = shopifyApi({
      apiKey: 'unused', apiSecretKey: r.secret, hostName: 'ingest.example.com', apiVersion: ApiVersion.January26, isEmbeddedApp: false,
      logger: { log: () => {} }, // standard output is ours
    });
    const checked = await api.webhooks.validate({
      rawBody: r.body,
      rawRequest: { method: r.method, url: r.url, headers: { ...r.headers, ...r.extra } },
      rawResponse: {},
    });
    return { holds: checked.valid, headers: { 'X-Shopify-Hmac-Sha256': await createSHA256HMAC(r.secret, r.body) } };
  },
};

const answers = [];
for (const request of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await vendors[request.scheme](request));
console.log(JSON.stringify(answers));
