"""The dashboards' views without Spark: DuckDB, its extension delta, and delta-rs.

    python dashboards.py create TABLES FILE.duckdb     # tables and views in one file that any DuckDB client opens
    python dashboards.py draw FILE.duckdb SQL OUT.png  # columns x, y and, if there is a third, one line for each value
    python dashboards.py check TABLES                  # every view through DuckDB's extension and through delta-rs

TABLES is the directory that `radial aggregate --tables` wrote. See requirements.txt.
"""
import pathlib
import re
import sys

import duckdb

HERE = pathlib.Path(__file__).resolve().parent
DELTA_SCAN = re.compile(r"delta_scan\('([^']+)'\)")


def scripts(tables):
    """The statements of duckdb.sql, then the view that all others join, then those."""
    files = [HERE / 'duckdb.sql', HERE / 'latest_run.sql', *sorted((HERE / 'views').glob('*.sql'))]
    return [file.read_text().replace('${tables}', str(tables)) for file in files]


def views():
    return sorted(file.stem for file in (HERE / 'views').glob('*.sql'))


def load_extension(database):
    """The extension as its Python package has it; DuckDB's own INSTALL needs the internet."""
    import duckdb_extension_delta

    package = pathlib.Path(duckdb_extension_delta.__file__).parent
    database.execute(f"LOAD '{next(package.glob('extensions/*/delta.duckdb_extension'))}'")


def with_extension(tables, file=':memory:'):
    database = duckdb.connect(file)
    load_extension(database)
    for script in scripts(tables):
        database.execute(script)
    return database


def with_delta_rs(tables):
    """The same views over what delta-rs reads: another implementation of Delta."""
    from deltalake import DeltaTable

    database = duckdb.connect()
    for script in scripts(tables):
        for path in DELTA_SCAN.findall(script):
            name = pathlib.PurePath(path).name
            database.register(f'{name}_of_delta_rs', DeltaTable(path).to_pyarrow_table())
        database.execute(DELTA_SCAN.sub(lambda scan: pathlib.PurePath(scan[1]).name + '_of_delta_rs', script))
    return database


def create(tables, file):
    with_extension(tables, file).close()
    print(f'{file}: {", ".join(views())}')


def check(tables):
    extension, delta_rs = with_extension(tables), with_delta_rs(tables)
    differ = 0
    for view in views():
        as_text = f'SELECT COLUMNS(*)::VARCHAR FROM {view} ORDER BY ALL'  # shows every bit of a number
        rows = [database.sql(as_text).fetchall() for database in (extension, delta_rs)]
        same = rows[0] == rows[1]
        differ += not same
        print(f'{view}: {len(rows[0])} rows, {"the same" if same else "OTHER"} through delta-rs')
    sys.exit(f'{differ} views differ' if differ else 0)


def draw(file, sql, out):
    import matplotlib

    matplotlib.use('Agg')
    import matplotlib.pyplot as plt

    with duckdb.connect(file, read_only=True) as database:
        result = database.sql(sql)
        columns, rows = result.columns, result.fetchall()
    lines = {}
    for x, y, *line in rows:
        lines.setdefault(line[0] if line else columns[1], []).append((x, y))
    figure, axes = plt.subplots(figsize=(8, 4), constrained_layout=True)
    for name, points in lines.items():
        axes.plot(*zip(*points), marker='o', markersize=4, label=str(name))
    axes.set_xlabel(columns[0].replace('_', ' '))
    axes.set_ylabel(columns[1].replace('_', ' '))
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(out, dpi=130)


COMMANDS = {'create': (create, 2), 'draw': (draw, 3), 'check': (check, 1)}

if __name__ == '__main__':
    name, *arguments = sys.argv[1:] or ['']
    command, count = COMMANDS.get(name, (None, 0))
    if command is None or len(arguments) != count:
        sys.exit(__doc__)
    command(*arguments)
