/** Runs once when the web server starts, before it takes a request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { watchConnections } = await import('./lib/auth/connections')
    watchConnections()
  }
}
