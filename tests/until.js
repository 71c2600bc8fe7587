// Waiting for what a test cannot be told of.

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
