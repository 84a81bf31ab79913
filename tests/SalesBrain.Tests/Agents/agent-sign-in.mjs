// An agent signs in at the sandbox, and another browser tries to take the sign-in over; run by BrowserSignInTests. Arguments: the program of the
// browser, the address at which the sign-in begins, the person to sign in as. Prints what the two browsers showed, as JSON.
import { chromium } from 'playwright-core';

const [, , program, login, person] = process.argv;
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const choose = async (page) => {
    await page.waitForFunction(() => document.title.startsWith('Genesys Cloud sandbox'));
    const address = page.url();
    await page.click(`button[value="${person}"]`);
    return address;
  };

  const page = await browser.newPage();
  await page.goto(login);
  const sandbox = await choose(page);
  await page.waitForFunction(() => document.title.startsWith('Signed in'));
  const agent = { title: await page.title(), address: page.url(), cookie: await page.evaluate(() => document.cookie) };

  // A context of its own shares no cookies with the first one.
  const other = await (await browser.newContext()).newPage();
  await other.goto(sandbox);
  await choose(other);
  await other.waitForFunction(() => document.documentElement.innerText.includes('"code"'));
  console.log(JSON.stringify({ agent, other: await other.evaluate(() => document.documentElement.innerText) }));
} finally {
  await browser.close();
}
