-- a chain
TRUNCATE TABLE "ds"."order ""lines""";
INSERT INTO "ds"."order ""lines""" ("select", "value", "_dlt_id") SELECT "select", "value", "_dlt_id" FROM "ds_staging"."order ""lines""";
TRUNCATE TABLE "ds"."order ""lines""__tags";
INSERT INTO "ds"."order ""lines""__tags" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags";
TRUNCATE TABLE "ds"."order ""lines""__tags__parts";
INSERT INTO "ds"."order ""lines""__tags__parts" ("value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id") SELECT "value", "_dlt_root_id", "_dlt_parent_id", "_dlt_id" FROM "ds_staging"."order ""lines""__tags__parts";
