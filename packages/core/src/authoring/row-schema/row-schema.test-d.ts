// What a schema of rows says about their type. `tsc` is the test.
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import type { Resource, Transformer } from "../../contract/resource.js";
import { resource } from "../resource.js";
import { transformer } from "../transformer.js";

type Eq<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Eq<A, B>): void {}
const read = (): unknown => [];

interface Row {
  id: number;
  at: Date;
  phone?: string | undefined;
}

const zUser = z.object({ id: z.int(), at: z.coerce.date(), phone: z.string().optional() });
same<typeof users, Resource<Row, "users">>(true);
const users = resource({ name: "users", columns: zUser, schemaContract: "freeze" }, read);
users.addMap((row) => row.at.getTime()).addFilter((at) => at > 0);
// @ts-expect-error rows have no such field
users.addMap((row) => row.email);

const vUser = v.object({ id: v.number(), at: v.date(), phone: v.optional(v.string()) });
const ofValibot = resource({ name: "users", columns: vUser }, read);
same<typeof ofValibot, Resource<Row, "users">>(true);
const converted = resource({ name: "users", columns: toStandardJsonSchema(vUser) }, read);
same<typeof converted, Resource<Row, "users">>(true);

const ofArktype = resource({ name: "users", columns: type({ id: "number", at: "string.date.parse" }) }, read);
same<typeof ofArktype, Resource<{ id: number; at: Date }, "users">>(true);

// The type is that of what the schema gives back.
const lengths = resource({ name: "lengths", columns: z.object({ a: z.string().transform((a) => a.length) }) }, read);
same<typeof lengths, Resource<{ a: number }, "lengths">>(true);

const untyped = resource({ name: "users" }, () => [{ id: "1", more: true }]);
const hinted = untyped.applyHints({ columns: zUser, primaryKey: "id", incremental: null });
same<typeof hinted, Resource<Row, "users">>(true);
const onTop = hinted.applyHints({ columns: { id: { precision: 32 } }, schemaContract: { columns: "freeze" } });
same<typeof onTop, Resource<Row, "users">>(true);

const details = transformer({ name: "details", columns: zUser }, (row: { id: number }) => row.id);
same<typeof details, Transformer<{ id: number }, Row, "details">>(true);
const pages = transformer({ name: "pages", columns: zUser, by: "page" }, (rows: readonly Row[]) => rows.length);
same<typeof pages, Transformer<Row, Row, "pages">>(true);
const piped = users.pipe(details);
same<typeof piped, Resource<Row, "details">>(true);
