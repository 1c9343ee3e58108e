/** The page: two buttons, and what the run tells. It has no script of others. */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Orders</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
  button { font: inherit; padding: 0.3rem 1rem; }
  progress { width: 100%; }
  td { padding-right: 1rem; font-variant-numeric: tabular-nums; }
</style>
<h1>Orders</h1>
<p><button id="start">Load</button> <button id="stop" disabled>Stop</button> <strong id="state" role="status">Nothing runs.</strong></p>
<progress id="bar" value="0" max="1"></progress>
<table><tbody id="counts"></tbody></table>
<script type="module">
  const [start, stop, state, bar, counts] = ["start", "stop", "state", "bar", "counts"].map((id) => document.getElementById(id));
  const rows = new Map();

  const show = {
    "run-started": () => {
      rows.clear();
      counts.replaceChildren();
      state.textContent = "It runs.";
      running(true);
    },
    count: ({ step, name, done, total, unit, bytes }) => {
      if (unit === "jobs") Object.assign(bar, { value: done, max: total });
      if (unit !== "rows") return;
      const row = rows.get(step + name) ?? counts.insertRow();
      rows.set(step + name, row);
      const size = bytes === null ? "" : (bytes / 1e6).toFixed(1) + " MB";
      row.replaceChildren(...[step, name, done.toLocaleString("en") + " rows", size].map(cell));
    },
    "run-ended": ({ durationMs, error }) => {
      const seconds = (durationMs / 1000).toFixed(1) + " s";
      const isStopped = error?.code === "PIPELINE_STOPPED";
      state.textContent = error === null ? "Loaded in " + seconds + "." : isStopped ? "Stopped." : error.message;
      running(false);
    },
  };

  function cell(text) {
    return Object.assign(document.createElement("td"), { textContent: text });
  }

  function running(isRunning) {
    start.disabled = isRunning;
    stop.disabled = !isRunning;
  }

  start.onclick = () => fetch("/run", { method: "POST" });
  stop.onclick = () => fetch("/run", { method: "DELETE" });
  new EventSource("/events").onmessage = ({ data }) => {
    const event = JSON.parse(data);
    show[event.kind]?.(event);
  };
</script>
`;
