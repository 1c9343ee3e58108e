export { type Azurite, startAzurite } from "./azurite.js";
export { type ObjectStoreServer, startGcs, startS3 } from "./object-stores.js";
export { startPgbouncer } from "./pgbouncer.js";
export {
  newDatabase,
  startPostgres,
  superuser,
  type TestServer,
  testServer,
  untilOneWaits,
  untilSomeWait,
} from "./postgres.js";
export { isUsable, type ServiceName } from "./services.js";
