// What every client script is told by its environment, and the purchase that it sends.

export const ingest = need('INGEST'); // where ingest listens, without a path
export const writeKey = process.env.WRITE_KEY;
export const eventID = need('EVENT_ID');

export const userId = 'cust-77';
export const context = {
  ip: '203.0.113.24',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  page: { url: 'https://shop.example.com/checkout/done' },
  traits: { email: 'Jane.Doe@example.com ', phone: '+1 (415) 555-0123' },
};
export const properties = {
  event_id: eventID,
  order_id: eventID,
  revenue: 59.9,
  currency: 'USD',
  products: [
    { product_id: 'P1', price: 39.9, quantity: 1 },
    { product_id: 'P2', price: 10, quantity: 2 },
  ],
};

export function need(name) {
  const value = process.env[name];
  if (!value) fail(`${name} is not set`);
  return value;
}

// fail ends the script: its caller reads the exit code.
export function fail(what) {
  console.error(what);
  process.exit(1);
}

// within ends the script when a client does not report in time.
export function within(seconds, promise) {
  const timer = setTimeout(() => fail(`nothing reported within ${seconds} s`), seconds * 1000);
  return promise.finally(() => clearTimeout(timer));
}
