/** @type {import('next').NextConfig} */
const nextConfig = {
  reactStrictMode: true,
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  images: { unoptimized: true },
  serverExternalPackages: ['@clickhouse/client', '@node-rs/argon2'],
  experimental: { serverActions: { bodySizeLimit: '1mb' } },
}

export default nextConfig
