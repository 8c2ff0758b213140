/** @type {import('next').NextConfig} */
const nextConfig = {
  reactStrictMode: true,
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  // `npm run check` checks the types of the whole tree; the build would check them again, tests included.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  serverExternalPackages: ['@clickhouse/client', '@node-rs/argon2'],
  // What the build made goes past proxy.ts, which dresses everything else.
  headers: async () => [
    {
      source: '/:file(_next/static/.*|icon.svg)',
      headers: [
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
      ],
    },
  ],
  experimental: { serverActions: { bodySizeLimit: '1mb' } },
}

export default nextConfig
