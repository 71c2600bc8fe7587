// Where the app is in the portal's page, and when it can be used; the same for every engine.

export const FRAME = 'iframe[id^="appframe_"]';

// What is looked for in the app stands in the shadow of its element.
export const IN_APP = 'b24-payments';

// The app shows more than that it is loading.
export const READY = '#payments:not([data-screen="opening"], [data-screen="loading"])';

// How long anything may take that is not under test, in milliseconds; a busy machine is slow.
export const PATIENCE_MS = 20_000;

// Asks again until there is a true answer, and hands it back.
export async function until(question, what, ms = PATIENCE_MS) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
