import type { Destination, DestinationClient } from "@dlt/core";

/** A destination whose calls that change something are made twice where `takeRepeat` says so. */
export function repeatingDestination(destination: Destination, takeRepeat: () => boolean): Destination {
  const twice = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    if (takeRepeat()) await call();
    return await call();
  };
  return {
    ...destination,
    connect: async (config, options) => {
      const client = await destination.connect(config, options);
      const changed: Partial<DestinationClient> = {
        prepare: (plan) => twice(() => client.prepare(plan)),
        createJob: (file) => {
          const job = client.createJob(file);
          return { id: job.id, run: (signal) => twice(() => job.run(signal)) };
        },
        completeLoad: (load) => twice(() => client.completeLoad(load)),
        ...(client.followUps && {
          followUps: (chain) =>
            (client.followUps?.(chain) ?? []).map(({ id, run }) => ({ id, run: (signal) => twice(() => run(signal)) })),
        }),
      };
      return new Proxy(client, {
        get: (target, name) => Reflect.get(changed, name) ?? bound(target, name),
      });
    },
  };
}

function bound(client: DestinationClient, name: string | symbol): unknown {
  const value: unknown = Reflect.get(client, name);
  return typeof value === "function" ? value.bind(client) : value;
}
