"""``uvicorn benchmarks.replaced_service.service:app``; the environment names artefact, database and key."""

import hmac
import os
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import joblib
import pandas as pd
import psycopg2
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    MetaData,
    String,
    Table,
    create_engine,
    insert,
)

CONNECTIONS = 8

artefact: dict[str, Any] = joblib.load(os.environ["MODEL_ARTIFACT"])
model, features = artefact["model"], artefact["feature_columns"]
engine = create_engine(
    "postgresql+psycopg2://",
    creator=lambda: psycopg2.connect(os.environ["BASELINE_DATABASE"]),
    pool_size=CONNECTIONS,
    max_overflow=0,
)
inference_log = Table(
    "inference_log",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    Column("created_at", DateTime(timezone=True)),
    Column("model_mode", String),
    Column("model_threshold", Float),
    Column("model_created_at", String),
    Column("model_path", String),
    Column("score", Float),
    Column("decision", Boolean),
    Column("codigo_profissional", BigInteger),
    Column("payload", JSON),
)
store = insert(inference_log)


@asynccontextmanager
async def lifespan(app: FastAPI) -> Any:
    inference_log.create(engine, checkfirst=True)
    yield
    engine.dispose()


app = FastAPI(lifespan=lifespan)


class PredictRequest(BaseModel):
    features: dict[str, Any]
    codigo_profissional: int | None = None


class PredictAnswer(BaseModel):
    probabilidade_contratacao: float
    aprovado_pelo_modelo: bool
    threshold: float
    operating_mode: str
    codigo_profissional: int | None


def check_key(x_api_key: Annotated[str, Header()] = "") -> None:
    if not hmac.compare_digest(x_api_key.encode(), os.environ["BASELINE_KEY"].encode()):
        raise HTTPException(401, "invalid key")


@app.get("/health")
def health() -> dict[str, Any]:
    return {"status": "ok", "time": time.time()}


@app.post("/predict", dependencies=[Depends(check_key)])
def predict(asked: PredictRequest) -> PredictAnswer:
    values = [[asked.features.get(name) for name in features]]
    try:
        row = pd.DataFrame(values, columns=features, dtype="float64")
        score = float(model.predict_proba(row)[0, 1])
    except (TypeError, ValueError) as error:
        raise HTTPException(400, "cannot be scored") from error
    approved = score >= artefact["threshold"]
    with engine.begin() as connection:
        connection.execute(
            store,
            {
                "created_at": datetime.now(UTC),
                "model_mode": artefact["operating_mode"],
                "model_threshold": artefact["threshold"],
                "model_created_at": artefact["metadata"]["created_at"],
                "model_path": os.environ["MODEL_ARTIFACT"],
                "score": score,
                "decision": approved,
                "codigo_profissional": asked.codigo_profissional,
                "payload": asked.features,
            },
        )
    return PredictAnswer(
        probabilidade_contratacao=score,
        aprovado_pelo_modelo=approved,
        threshold=artefact["threshold"],
        operating_mode=artefact["operating_mode"],
        codigo_profissional=asked.codigo_profissional,
    )
