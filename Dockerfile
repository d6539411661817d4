# The site as one image. Data (database when SQLite, index, uploads) is in the volume /data.
FROM python:3.13-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN SECRET_KEY=build ALLOWED_HOSTS=build XIANGYUE_DATA_DIR=/tmp/data DJANGO_SETTINGS_MODULE=config.settings.production \
    sh -c '/venv/bin/python manage.py compilemessages --ignore .venv && /venv/bin/python manage.py collectstatic --noinput'

FROM python:3.13-slim-bookworm
# The text-layout library and the fonts that PDFs need.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home xiangyue \
    && mkdir /data && chown xiangyue /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 XIANGYUE_DATA_DIR=/data DJANGO_SETTINGS_MODULE=config.settings.production
USER xiangyue
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=60s CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/-/ready', timeout=5)"
CMD ["gunicorn", "--pythonpath", "site", "--workers", "3", "--bind", "0.0.0.0:8000", "config.wsgi"]
