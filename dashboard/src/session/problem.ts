/** Why somebody is not signed in, in words for them. */
export class SignInProblem extends Error {
  /** Trying the same again can help: the way was blocked, not refused. */
  readonly passing: boolean;

  constructor(said: string, passing = false) {
    super(said);
    this.passing = passing;
  }
}
