"""A merge with Python dlt: `python duckdb_merge.py <new database file> <rows> <file format>`. The same rows as `../merge.ts`, and the
same measure: without the start of the process and the rows that are there before. An empty file format is the default one."""

import json
import os
import resource
import sys
import time

import dlt

database, row_text, file_format = sys.argv[1:]
row_count = int(row_text)
before = -(-row_count * 3 // 2)
first = before - row_count // 2


def rows(start, count, version):
    return [
        {
            "id": key,
            "name": f"user {key}",
            "value": key * 1.5 + version,
            "updated_at": f"2026-01-0{version}T00:{key % 60:02}:00Z",
        }
        for key in range(start, start + count)
    ]


def cpu_seconds():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


users = dlt.pipeline("bench", destination=dlt.destinations.duckdb(database), dataset_name="bench")
merge = {"table_name": "users", "write_disposition": "merge", "primary_key": "id"}
if file_format:
    merge["loader_file_format"] = file_format
users.run(rows(0, before, 1), **merge)
update = rows(first, row_count, 2)
wall, cpu = time.perf_counter(), cpu_seconds()
users.run(update, **merge)
usage = {
    "wallSeconds": time.perf_counter() - wall,
    "cpuSeconds": cpu_seconds() - cpu,
    "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}
os.write(3, json.dumps(usage).encode())
