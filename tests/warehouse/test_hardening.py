"""A published snapshot can be read and nothing else."""

import pytest

from warehouse.errors import QueryFailed

PROBES = [
    "COPY core.dim_unit TO '{folder}/out.csv'",
    "COPY (SELECT 1) TO '/tmp/out.parquet'",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '{folder}/CURRENT.json'",
    "SELECT * FROM glob('/etc/*')",
    "ATTACH '{folder}/new.duckdb' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "EXPORT DATABASE '{folder}/dump'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET memory_limit = '90GB'",
    "RESET memory_limit",
    "PRAGMA threads = 64",
    "CREATE SECRET s (TYPE s3)",
    "DELETE FROM core.dim_unit",
    "UPDATE core.dim_unit SET kind = 'x'",
    "CREATE TABLE core.x AS SELECT 1",
    "DROP TABLE mart.cube_total",
]


@pytest.fixture(scope="module")
def published(shared_town):
    """A town with a snapshot."""
    shared_town.publish()
    return shared_town


@pytest.mark.parametrize("probe", PROBES)
def test_the_snapshot_refuses(published, probe):
    with pytest.raises(QueryFailed):
        published.reader.sql(probe.format(folder=published.var / "serving"))
    assert published.reader.sql("SELECT 1 AS x").to_pylist() == [{"x": 1}]


def test_variables_of_the_process_cannot_be_read(published):
    import pyarrow as pa

    secret_table = pa.table({"x": [1]})
    with pytest.raises(QueryFailed):
        published.reader.sql("SELECT * FROM secret_table")
    assert secret_table.num_rows == 1


def test_a_question_that_needs_too_much_memory_fails_and_the_reader_lives(published):
    from warehouse.read import Reader

    small = Reader(published.var, memory="30MB")
    with pytest.raises(QueryFailed):
        small.sql("SELECT list(i) AS x FROM range(30000000) AS t(i)")
    assert small.sql("SELECT 1 AS x").num_rows == 1
    small.close()
