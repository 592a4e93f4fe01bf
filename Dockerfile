# The worker: `warmline run`. State is in /data only, so the root filesystem may be read-only (see compose.yaml).
ARG BASE=python:3.11-slim-bookworm

# hadolint ignore=DL3006
FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python3 -m venv /opt/warmline
COPY requirements.lock ./
RUN /opt/warmline/bin/pip install --no-compile --require-hashes -r requirements.lock
COPY pyproject.toml ./
COPY packaging/install_app.py packaging/
COPY sync sync
COPY connectors connectors
COPY mappings mappings
COPY config config
COPY sandbox sandbox
COPY web web
RUN /opt/warmline/bin/python packaging/install_app.py /opt/warmline \
 && /opt/warmline/bin/python -m compileall -q /opt/warmline/lib \
 && /opt/warmline/bin/warmline --version

# hadolint ignore=DL3006
FROM ${BASE}
RUN groupadd --gid 10001 warmline \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin warmline \
 && install --directory --owner 10001 --group 10001 --mode 0700 /data
COPY --from=build /opt/warmline /opt/warmline
# SQLite and Python put what is temporary into /data too: nothing outside it needs to be writable.
ENV PATH=/opt/warmline/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR=/data \
    WARMLINE_MIRROR__PATH=/data/warmline.db
WORKDIR /data
VOLUME /data
USER 10001:10001
# Healthy: a complete run lately, no run without a sign of life, no schedule that does not run. The first run of a large
# portal takes its time: the start period is long, and ends with the first success.
HEALTHCHECK --interval=60s --timeout=20s --retries=3 --start-period=60m CMD ["warmline", "status", "--healthy"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["warmline"]
CMD ["run"]
