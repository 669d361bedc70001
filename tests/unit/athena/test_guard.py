"""Nothing of DuckDB's that reaches outside gets past the guard; the engine's own lock is the second door."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from infra.local.athena.engine import Engine
from infra.local.athena.errors import ApiError, QueryFailure
from infra.local.athena.guard import check
from infra.local.athena.parse import parse
from infra.local.athena.statement import CreateTableAs, InsertInto, Query, Unload
from infra.local.athena.translate import Context, to_duckdb

HOSTILE = (
    # files by table function
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM read_parquet('s3://other/secret.parquet')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_json_auto('/etc/passwd')",
    "SELECT * FROM read_ndjson('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM parquet_scan('/tmp/x')",
    "SELECT * FROM parquet_metadata('/tmp/x')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('t')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM pragma_version()",
    "SELECT * FROM LATERAL read_csv('/etc/passwd') AS t(x)",
    "SELECT * FROM TABLE(read_csv('/etc/passwd'))",
    # the same through other corners of the grammar
    "WITH a AS (SELECT * FROM read_text('/etc/passwd')) SELECT * FROM a",
    "SELECT (SELECT content FROM read_text('/etc/passwd'))",
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM glob('/*'))",
    "SELECT 1 IN (SELECT 1 FROM read_text('/etc/passwd'))",
    "SELECT 1 UNION ALL SELECT 1 FROM read_csv('/etc/passwd')",
    "SELECT * FROM (VALUES 1) t(x) JOIN read_text('/etc/passwd') r ON true",
    "SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM read_text('/etc/passwd')))",
    "SELECT 1 ORDER BY (SELECT count(*) FROM glob('/*'))",
    # functions that tell or do something
    "SELECT getenv('HOME')",
    "SELECT \"getenv\"('HOME')",
    "SELECT current_setting('home_directory')",
    "SELECT current_setting('secret_directory')",
    "SELECT getvariable('x')",
    "SELECT nextval('s')",
    "SELECT json_execute_serialized_sql('x')",
    "SELECT pg_catalog.version()",
    "SELECT main.getenv('HOME')",
    "SELECT version()",
    "SELECT error('x')",
    "SELECT tr_double_text(1e0)",
    "SELECT write_log('x')",
    "SELECT COLUMNS('.*') FROM (VALUES 1) t(x)",
    "SELECT * EXCLUDE (x) FROM (VALUES 1) t(x)",
    "SELECT * REPLACE (getenv('HOME') AS x) FROM (VALUES 1) t(x)",
    "SELECT x FROM (VALUES 1) t(x) QUALIFY row_number() OVER () = 1",
    # statements
    "SET enable_external_access = true",
    "RESET ALL",
    "PRAGMA database_list",
    "ATTACH '/tmp/x.db' AS x",
    "DETACH x",
    "COPY (SELECT 1) TO '/tmp/x'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "CALL pragma_version()",
    "EXPORT DATABASE '/tmp/x'",
    "IMPORT DATABASE '/tmp/x'",
    "CREATE SECRET s (TYPE s3)",
    "CREATE MACRO f(x) AS getenv(x)",
    "CREATE FUNCTION f(x) AS getenv(x)",
    "CHECKPOINT",
    "VACUUM",
    "USE memory",
    "FROM read_csv('/etc/passwd')",
    "DELETE FROM t",
    "UPDATE t SET x = 1",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY (SELECT 1) TO '/tmp/x'",
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "UNLOAD (SELECT * FROM read_text('/etc/passwd')) TO 's3://b/x/' WITH (format = 'PARQUET')",
    "CREATE TABLE t AS SELECT * FROM read_text('/etc/passwd')",
    "INSERT INTO t SELECT * FROM read_text('/etc/passwd')",
)


def accept(sql: str, *parameters: str) -> None:
    """What the server does to a statement before anything runs."""
    statement = parse(sql, parameters)
    assert isinstance(statement, (Query, Unload, CreateTableAs, InsertInto))
    check(statement.tree)


@pytest.mark.parametrize("sql", HOSTILE)
def test_a_hostile_statement_is_refused_before_it_runs(sql: str) -> None:
    with pytest.raises((ApiError, QueryFailure)):
        accept(sql)


@pytest.mark.parametrize(
    "parameter", ["getenv('HOME')", "1; SELECT 2", "1) UNION SELECT (2", "name", "'a' || 'b'", "(SELECT 1)", ""]
)
def test_a_parameter_is_a_literal_and_nothing_else(parameter: str) -> None:
    with pytest.raises(ApiError):
        parse("SELECT * FROM t WHERE x = ?", [parameter])


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '/tmp/headwater-must-not-exist'",
        "ATTACH '/tmp/headwater-must-not-exist.db' AS x",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET lock_configuration = false",
        "SET threads = 1",
        "SELECT * FROM read_parquet('https://example.com/x.parquet')",
    ],
)
def test_a_locked_engine_would_not_obey_even_if_asked(sql: str, tmp_path: Path) -> None:
    engine = Engine(tmp_path, 1, "200MB")

    with pytest.raises(QueryFailure):
        engine.run(sql)

    engine.close()


def test_a_table_that_is_no_view_of_ours_is_never_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    elsewhere = tmp_path / "query"
    elsewhere.mkdir()
    engine = Engine(elsewhere, 1, "200MB")

    tree = parse(f'SELECT * FROM "{tmp_path / "secret.csv"}"')
    assert isinstance(tree, Query)
    with pytest.raises(QueryFailure):
        engine.run(to_duckdb(tree.tree, Context(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))))

    engine.close()
