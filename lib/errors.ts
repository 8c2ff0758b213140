/**
 * An error that a person can act on: a stable code, a sentence that says what to do, and the parameter it is about.
 * Anything else that is thrown is a fault of ours and is shown as such, with a request id.
 */
export class UserError extends Error {
  override readonly name = 'UserError'
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly parameter?: string,
  ) {
    super(message)
  }
}

/** What any JSON endpoint answers when it refuses: `{error: {code, message, parameter?}}`. */
export const errorBody = (error: UserError) => ({
  error: { code: error.code, message: error.message, ...(error.parameter ? { parameter: error.parameter } : {}) },
})

/** A failure's text for a log line or a terminal; never shown to a user as it is. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error)
