import { afterJobs, type MemoryBreakage, withJobs } from "./breakage.js";

/** Jobs that lose rows or repeat them, or that fail in a way of their own. */
export const jobBreakages: readonly MemoryBreakage[] = [
  {
    name: "loses the last row of a file",
    noticedBy: ["loads add their rows to those before"],
    instead: afterJobs((table, before) => {
      if (table.rows.length > before) table.rows = table.rows.slice(0, -1);
    }),
  },
  {
    name: "repeats a job",
    noticedBy: ["a job that is run again adds nothing"],
    instead(client) {
      let attempts = 0;
      return withJobs(client, (_, file, signal) =>
        client.createJob({ ...file, jobId: `${file.jobId}.${attempts++}` }).run(signal),
      );
    },
  },
  {
    name: "forgets its marks when a load is complete",
    noticedBy: ["a job that is run again after its load is complete adds nothing"],
    instead: (client, { datasets, dataset }) =>
      withJobs(client, async (job, { loadId }, signal) => {
        const found = datasets.open(dataset);
        if (found.loads.has(loadId)) found.marks.set(loadId, new Map([["another", 0]]));
        return await job.run(signal);
      }),
  },
  {
    name: "forgets the marks of every other load when one is complete",
    noticedBy: ["a job that is run again adds nothing, although another pipeline completed a later load"],
    instead: (client, { datasets, dataset }) => ({
      async completeLoad(load) {
        await client.completeLoad(load);
        const { marks } = datasets.open(dataset);
        for (const loadId of [...marks.keys()]) if (loadId !== load.loadId) marks.delete(loadId);
      },
    }),
  },
  {
    name: "keeps a part of the rows of a job that was stopped",
    noticedBy: ["a job that is stopped before it starts leaves nothing, and can be run again"],
    instead: (client, { datasets, dataset }) =>
      withJobs(client, async (job, file, signal) => {
        const table = datasets.open(dataset).tables.get(file.table.name);
        if (signal.aborted && table !== undefined) table.rows = [...table.rows, { id: 1, name: "half" }];
        return await job.run(signal);
      }),
  },
  {
    name: "commits a job before its mark",
    noticedBy: ["a job that is cut off anywhere leaves all or nothing, and can be run again"],
    instead: (client, { datasets, dataset }) =>
      withJobs(client, async (job, { jobId, loadId }, signal) => {
        try {
          return await job.run(signal);
        } catch (error) {
          datasets.open(dataset).marks.get(loadId)?.delete(jobId);
          throw error;
        }
      }),
  },
  {
    name: "forgets the columns that a load adds",
    noticedBy: ["a column that is new is NULL in the rows that were there"],
    instead: (client, { datasets, dataset }) => ({
      createJob(file) {
        const [row = {}] = datasets.find(dataset)?.tables.get(file.table.name)?.rows ?? [];
        const isNew = Object.keys(row).length === 0;
        const kept = [...file.table.columns].filter(([name]) => isNew || name === "id" || name === "name");
        return client.createJob({ ...file, table: { ...file.table, columns: new Map(kept) } });
      },
    }),
  },
  {
    name: "stages the columns that its first load had",
    noticedBy: [
      "a column that is new comes with rows by delete-insert",
      "a column that is new comes with rows by insert-from-staging",
    ],
    instead: (client) => ({
      createJob(file) {
        const columns = new Map([...file.table.columns].filter(([name]) => name !== "age"));
        return client.createJob(file.target === "staging" ? { ...file, table: { ...file.table, columns } } : file);
      },
    }),
  },
  {
    name: "throws the errors of its driver",
    noticedBy: ["a load file that is gone is an error of the library, without secrets and rows, and leaves nothing"],
    instead: (client) =>
      withJobs(client, async (job, _, signal) => {
        try {
          return await job.run(signal);
        } catch {
          throw new Error("ENOENT");
        }
      }),
  },
  {
    name: "loses what was rejected",
    noticedBy: ["rejected rows are kept beside the others, with what they were"],
    instead: (client) =>
      withJobs(client, async (job, { table, rowCount, bytes }, signal) =>
        table.name === "_dlt_rejects" ? { rowCount, bytes } : await job.run(signal),
      ),
  },
];
