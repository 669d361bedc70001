"""The end of a query in S3: its result file, and the sidecar that describes it."""

from __future__ import annotations

from infra.local.athena import kinds
from infra.local.athena.executions import Execution
from infra.local.athena.kept_results import KeptResults
from infra.local.athena.objects import ObjectStore
from infra.local.athena.sidecar import engine_name, sidecar
from infra.local.athena.spool import ResultFile

UPLOADED_AT_ONCE = 8 * 1024**2  # bytes of a result that may be in memory; a larger one is uploaded in parts


def save(execution: Execution, file: ResultFile, objects: ObjectStore, results: KeptResults) -> None:
    """Write what Athena writes: a statement that puts its rows elsewhere has a sidecar only.

    Parameters
    ----------
    execution
        Its columns are known, its state is not final yet: who sees it succeed finds the files.
    file
        The result, header included; of a statement that writes elsewhere, an empty one.
    objects
        Where to write.
    results
        Keeps the file, so that its pages need not be fetched again.
    """
    bucket, key = execution.output.bucket, execution.result_key
    kind = kinds.content_type(execution.statement)
    at_once: list[tuple[str, str, bytes, str]] = []
    if execution.columns:
        at_once.append((bucket, f"{key}.metadata", _sidecar(execution), kind))
    if kinds.writes_rows(execution.statement):
        file.path.unlink()
        objects.put_all(at_once)
        return
    if file.size_bytes <= UPLOADED_AT_ONCE:
        at_once.append((bucket, key, file.path.read_bytes(), kind))
    else:
        objects.upload(file.path, bucket, key, kind)
    objects.put_all(at_once)
    results.keep(bucket, key, file)
    execution.statistics.output_rows = file.rows if execution.is_text else file.rows - 1
    execution.statistics.output_bytes = file.size_bytes


def _sidecar(execution: Execution) -> bytes:
    statement = execution.statement
    name = engine_name(execution.query_id, execution.submitted)
    if not kinds.writes_rows(statement):
        return sidecar(execution.query_id if execution.is_text else name, execution.columns)
    return sidecar(name, execution.columns, kinds.update_type(statement), execution.update_count)
