/** Everything that brings the chart engine with it, in one chunk. Only live-plot.tsx imports it, and only on intent. */
export { LiveBars } from './live-bars'
export { LiveTrend } from './live-trend'
