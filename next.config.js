/** @type {import('next').NextConfig} */
const nextConfig = {
  reactStrictMode: true,
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  // `npm run check` checks the types of the whole tree; the build would check them again, tests included.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  serverExternalPackages: ['@clickhouse/client', '@node-rs/argon2'],
  experimental: { serverActions: { bodySizeLimit: '1mb' } },
}

export default nextConfig
