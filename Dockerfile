# Assay as an image: docker build -t assay .
# One image for every role: a worker by default, any other command as its arguments (docs/deployment.md).

# The version of script/bootstrap: re2 is compiled for the Node that runs it.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm AS build
WORKDIR /app
# re2 is compiled from the source that the lockfile names, against the headers of this image, and not fetched as a binary.
ENV DEVELOPMENT_SKIP_GETTING_ASSET=1 \
    npm_config_nodedir=/usr/local
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts=false --no-audit --no-fund \
 && node -e 'new (require("re2"))("a")' \
 && rm -rf node_modules/re2/vendor node_modules/re2/build/Release/obj.target
COPY detectors detectors
COPY src src
COPY workers workers
COPY script/bundle.ts script/bundle.ts
# The program in few files, and the prepared database that `assay scan` copies when it is given no server; both must be
# readable by any user.
ENV ASSAY_TEMPLATE_DIR=/app/template
RUN node workers/open-state.ts && node script/bundle.ts dist && chmod -R a+rX,go-w template dist
RUN rm -rf node_modules/esbuild node_modules/@esbuild

FROM node:${NODE_VERSION}-bookworm-slim
COPY --from=build /app /app
RUN mkdir /data && install -d -o 65532 -g 65532 -m 0700 /var/lib/assay
ENV NODE_ENV=production \
    ASSAY_HOME=/var/lib/assay \
    ASSAY_TEMPLATE_DIR=/app/template
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
WORKDIR /data
EXPOSE 8080
# What a worker answers as long as it lives; whether its servers are there is /ready.
HEALTHCHECK --interval=20s --timeout=10s --start-period=30s --retries=3 \
  CMD ["node", "-e", "require('http').get('http://127.0.0.1:8080/health', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["worker", "--health-port", "8080", "--health-host", "0.0.0.0"]
