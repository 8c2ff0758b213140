import { subscribe } from 'node:diagnostics_channel'
import { IncomingMessage } from 'node:http'
import { env } from '../env'
import { putRight } from './forwarded'

/**
 * Sets what each request says about its sender against its connection. Node announces a request before any handler sees it, which is the one
 * place where both are known: pages, actions and next-auth get headers only.
 */
export function watchConnections(): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return
    const { request } = message
    if (request instanceof IncomingMessage) {
      putRight(request.headers, request.socket.remoteAddress, env().BACKHAUL_PROXIES)
    }
  })
}
