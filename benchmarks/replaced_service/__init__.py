"""The service that Peneira's ``POST /api/v1/predict`` replaces, for speed to be measured against.

System B's: FastAPI, SQLAlchemy, a scikit-learn pipeline fed with a DataFrame, one stored row a prediction;
with system E's key in a header. It is not part of the product. Wherever there was a choice the quicker one
was taken, in favour of what is replaced:

- uvicorn with uvloop and httptools, no access log, FastAPI without middleware.
- One gradient boosting model with as many trees as Peneira serves, on the same rows: system B had three
  thousand trees in each of three folds. Its isotonic calibration is one for all (``ensemble=False``).
- The model is loaded at the start. One thread, so that OpenMP does not spin.
- An endpoint of its own thread (``def``), so that waiting for the database does not hold up others; ``async
  def`` was measured too and answers half as many.
- The DataFrame is made of one list of numbers, which pandas does quickest.
- Core's compiled INSERT on a pool of eight connections that are kept, without a ping; one round trip and the
  commit. Its index is the primary key alone.
- The key is compared in memory with one of the environment. Nothing is counted, limited or audited.

It keeps what system B promised: the fields of request and answer, unknown names ignored, missing values
imputed, 400 for what cannot be scored. What it stored silently or not at all is stored, or answered with 500.
"""
