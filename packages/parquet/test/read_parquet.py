"""Prints the types and rows of Parquet files as JSON, as pyarrow reads them."""

import decimal
import json
import math
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq


def plain(value, type):
    if value is None:
        return None
    if pa.types.is_decimal(type):
        return str(int(value.scaleb(type.scale)))
    if pa.types.is_floating(type):
        return "nan" if math.isnan(value) else struct.pack(">d", value).hex()
    if pa.types.is_binary(type):
        return value.hex()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def rows_of(path):
    table = pq.read_table(path)
    columns = []
    for column in table.columns:
        type = column.type
        if pa.types.is_temporal(type):
            column = column.cast(pa.int32() if pa.types.is_date32(type) else pa.int64())
        columns.append([plain(value, column.type) for value in column.to_pylist()])
    return {
        "types": {field.name: str(field.type) for field in table.schema},
        "rows": [dict(zip(table.column_names, row)) for row in zip(*columns)],
    }


decimal.getcontext().prec = 100
json.dump([rows_of(path) for path in sys.argv[1:]], sys.stdout)
