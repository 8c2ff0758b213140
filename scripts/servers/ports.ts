import { createServer } from 'node:net'

/** Binds `port` (0: any) on `host` for a moment. Returns the port number, or undefined when it is taken. */
export function probePort(port: number, host = '127.0.0.1'): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}

/** A port that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  const port = await probePort(0)
  if (port === undefined) throw new Error('No free port on 127.0.0.1.')
  return port
}
