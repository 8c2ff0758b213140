export * from './log'
export * from './reference'
