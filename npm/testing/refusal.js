// A "no" of the portal: its code, its text, and the HTTP status that it comes with.

export class Refusal extends Error {
  constructor(error, text, status = 400) {
    super(text);
    this.body = { error, error_description: text };
    this.status = status;
  }
}
