import { type Resource, resource } from "@dlt/core";

/** Pages of ten rows that the state of the resource leads on from. */
export function counted(name: string, pageCount: number, options: { readonly failsAt?: number } = {}): Resource {
  return resource({ name, primaryKey: "id" }, async function* (context) {
    for (let page = Number(context.state["next"] ?? 0); page < pageCount; page++) {
      if (page === options.failsAt) throw new Error("out of reach");
      yield Array.from({ length: 10 }, (_, row) => ({ id: page * 10 + row, tags: [`t${row}`] }));
      context.state["next"] = page + 1;
      context.checkpoint();
    }
  });
}
