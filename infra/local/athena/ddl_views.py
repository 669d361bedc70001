"""CREATE VIEW, DROP VIEW, SHOW VIEWS and SHOW CREATE VIEW."""

from __future__ import annotations

from infra.local.athena import statement as st
from infra.local.athena import views
from infra.local.athena.ddl_target import NOTHING, Shown, Target, matches
from infra.local.athena.errors import QueryFailure
from infra.local.athena.results import ResultColumn, Row
from infra.local.athena.views import ViewDefinition


def create_view(statement: st.CreateView, target: Target) -> Shown:
    """Find out the query's columns and keep it in Glue; what could not run is not kept."""
    database, name = target.database_of(statement.name), statement.name.table
    if not target.catalog.has_database(database):
        raise QueryFailure("SCHEMA_NOT_FOUND", f"line 1:1: Schema '{database}' does not exist")
    full = f"{views.CATALOG}.{database}.{name}"
    there = target.catalog.has_table(database, name)
    if there and not target.relation(statement.name).is_view:
        raise QueryFailure("TABLE_ALREADY_EXISTS", f"line 1:1: Table already exists: '{full}'")
    if there and not statement.or_replace:
        raise QueryFailure("ALREADY_EXISTS", f"line 1:1: View already exists: '{database}.{name}'")
    columns = target.describe(statement.tree, target.database, (database, name))
    views.require_columns(columns)
    made = views.table_input(name, ViewDefinition(statement.sql, target.database, columns))
    if there:
        target.catalog.replace_table(database, made)
    else:
        target.catalog.create_table(database, made)
    return NOTHING


def drop_view(statement: st.DropView, target: Target) -> Shown:
    """Forget a view; never a table (``io.trino.execution.DropViewTask``)."""
    database, name = target.database_of(statement.name), statement.name.table
    full = f"{views.CATALOG}.{database}.{name}"
    if not target.catalog.has_table(database, name):
        if statement.if_exists:
            return NOTHING
        raise QueryFailure("GENERIC_USER_ERROR", f"line 1:1: View '{full}' does not exist")
    if not target.relation(statement.name).is_view:
        hint = f"View '{full}' does not exist, but a table with that name exists. Did you mean DROP TABLE {full}?"
        raise QueryFailure("GENERIC_USER_ERROR", f"line 1:1: {hint}")
    target.catalog.drop_table(database, name)
    return NOTHING


def show_views(statement: st.ShowViews, target: Target) -> Shown:
    """The views of a database, by name."""
    database = statement.database or target.database
    if not target.catalog.has_database(database):
        raise QueryFailure("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist")
    names = [t["Name"] for t in target.catalog.raw_tables(database) if t.get("TableType") == views.KIND]
    rows: list[Row] = [[name] for name in names if matches(name, statement.pattern)]
    return (ResultColumn("views", "string"),), rows


def show_create_view(statement: st.ShowCreateView, target: Target) -> Shown:
    """The statement that makes the view, a row per line as Athena shows it."""
    table = target.relation(statement.name)
    if not table.is_view:
        wrong = f"Relation '{views.CATALOG}.{table.database}.{table.name}' is a table, not a view"
        raise QueryFailure("NOT_SUPPORTED", f"line 1:1: {wrong}")
    definition = views.decode(table.view_text, f"{table.database}.{table.name}")
    lines = [f"CREATE VIEW {table.database}.{table.name} AS", *definition.sql.splitlines()]
    return (ResultColumn("Create View", "string"),), [list[str | None]([line]) for line in lines]
