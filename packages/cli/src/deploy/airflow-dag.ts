import { basename, extname } from "node:path";
import { installCommand, runCommand } from "./install-and-run.js";
import type { DeployedProject } from "./project-of.js";
import type { SecretKey } from "./secret-keys.js";

export interface DagOptions {
  /** Five fields of cron, in UTC. */
  readonly schedule: string;
  readonly secrets: readonly SecretKey[];
}

/** `shop.ts` → `dags/dag_shop.py` */
export function dagPath({ script }: DeployedProject): string {
  return `dags/dag_${dagName(script)}.py`;
}

/**
 * A DAG of Airflow (2.4 or later, and 3) with one task, which runs a program with Node. Nothing is left on the worker: state and schemas come
 * from the destination. The interval of the DAG run is that of cursors that take one.
 */
export function airflowDag(project: DeployedProject, { schedule, secrets }: DagOptions): string {
  const { folder, script } = project;
  const name = dagName(script);
  const place = folder === "." ? "" : ` / ${python(folder)}`;
  return `# Runs ${oneLine(script)} with Node. Made once, and yours to change.
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:
    from airflow.operators.bash import BashOperator

# The folder of package.json, where Airflow finds the repository. Workers need Node 20.19 or later.
PROJECT = Path(__file__).resolve().parents[1]${place}

# Keys of secrets.toml, from variables of Airflow.
SECRETS = {
${secrets.map(({ variable, secret }) => `    ${python(variable)}: ${python(`{{ var.value.get(${jinja(secret)}) }}`)},\n`).join("")}}

# The interval of the DAG run is that of cursors that take one. A run that is started by hand may have none.
INTERVAL = {
    "DLT_INTERVAL_START": "{{ (data_interval_start | ts) if data_interval_start else '' }}",
    "DLT_INTERVAL_END": "{{ (data_interval_end | ts) if data_interval_end else '' }}",
}

# What a run keeps on disk is only its own: the next one takes state and schemas from the destination.
COMMAND = r"""
set -eu
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
export DLT_DATA_DIR="$data" DLT_LOCAL_DIR="$data"
cd "$DLT_PROJECT_DIR"
[ -d node_modules ] || ${installCommand(project)}
${runCommand(project)}
"""

with DAG(
    dag_id=${python(name)},
    schedule=${python(schedule)},
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    # A pipeline has one writer at a time.
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=1)},
):
    BashOperator(
        task_id=${python(name)},
        bash_command=COMMAND,
        env={"DLT_PROJECT_DIR": str(PROJECT), "LOAD__RAISE_ON_FAILED_JOBS": "true", **INTERVAL, **SECRETS},
        append_env=True,
    )
`;
}

/** Letters, digits and `_`, as ids of Airflow and names of Python modules want them. */
function dagName(script: string): string {
  return basename(script, extname(script)).replace(/[^A-Za-z0-9_]/g, "_");
}

/** A string of Python. */
function python(text: string): string {
  // What JSON escapes, Python reads in the same way.
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

/** A string within a template in a string of Python. */
function jinja(text: string): string {
  return `'${text}'`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, " ");
}
