// A page of a browser that listens to live updates, run by BrowserTests. Arguments: the program of the browser, the address of the app, an access token.
// Each line "notify" asks the test for a notification; prints what the page heard, as JSON.
import { chromium } from 'playwright-core';

const [, , program, address, token] = process.argv;
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage();
  page.on('console', (message) => message.text() === 'notify' && console.log('notify'));
  // A page of the same origin.
  await page.goto(`${address}/api/health/live`);
  const heard = await page.evaluate(async ({ address, token }) => {
    const events = [];
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const ticket = async () =>
      (await (await fetch(`${address}/api/v1/events/ticket`, { method: 'POST', headers, body: '{"channels":["new_notification"]}' })).json()).data.ticket;
    const open = async (after) => {
      const source = new EventSource(`${address}/api/v1/events?ticket=${await ticket()}${after ? `&after=${after}` : ''}`);
      await new Promise((opened, failed) => {
        source.onopen = opened;
        source.onerror = () => failed(new Error('The stream did not open.'));
      });
      return source;
    };
    const next = (source) =>
      new Promise((told, late) => {
        setTimeout(() => late(new Error('Nothing was told.')), 60000);
        source.addEventListener('new_notification', (event) => told({ id: event.lastEventId, entity: JSON.parse(event.data).entity_id }), { once: true });
      });

    // A page begins with a cursor: what is told before its first stream is open is not missed. Each line on the console asks the test for
    // a notification.
    const start = (await (await fetch(`${address}/api/v1/events?wait=0`, { headers })).json()).data.next_after;
    console.log('notify');
    await new Promise((passed) => setTimeout(passed, 300));
    const first = await open(start);
    let event = next(first);
    events.push(await event);
    const used = first.url;
    first.close();

    // What is told while no stream is open is not missed.
    console.log('notify');
    await new Promise((passed) => setTimeout(passed, 300));
    const second = await open(events[0].id);
    events.push(await next(second));

    // A used ticket opens nothing: the browser gives up, and the page gets another one.
    const third = new EventSource(used);
    const state = await new Promise((ended) => (third.onerror = () => ended(third.readyState)));
    event = next(second);
    console.log('notify');
    events.push(await event);
    second.close();
    return { events, closed: state === EventSource.CLOSED };
  }, { address, token });
  console.log(JSON.stringify(heard));
} finally {
  await browser.close();
}
