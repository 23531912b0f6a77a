# Latchkey in production: the built application and the packages that it runs with, nothing else.
#
#   docker build --tag latchkey:local .
#   docker run --env DATABASE_URL=postgresql://… --env SESSION_ISSUER=… latchkey:local migrate
#   docker run --env DATABASE_URL=postgresql://… --env SESSION_ISSUER=… --publish 4000:4000 latchkey:local
#
# Node.js is pinned by version; add its digest (`…-trixie-slim@sha256:…`) where builds must be repeatable to the byte.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY apps/console/package.json apps/console/
# No install scripts: the one that matters fetches a Node.js, and that is what this image is.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY .swcrc tsconfig.json mikro-orm.config.ts ./
COPY tools/build.mjs tools/bundle.mjs tools/sources.mjs tools/
COPY apps apps
COPY libs libs
RUN npm run build

FROM node:${NODE_VERSION}-trixie-slim AS packages
WORKDIR /packages
COPY package.json package-lock.json ./
COPY apps/console/package.json apps/console/
# Optional packages are the embedded PostgreSQL server, for machines without a database.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:${NODE_VERSION}-trixie-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY package.json ./
COPY --from=packages /packages/node_modules node_modules
COPY --from=build /build/dist dist
# Owned by root: who runs the application cannot change it.
USER node
EXPOSE 4000
# The process, not the database: an outage elsewhere must restart nobody. Ask /health/ready before sending requests.
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=12", "--heap-growing-percent=30", "dist/portal/main.js"]
CMD ["serve"]
