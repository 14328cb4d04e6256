import { lmdbStore } from "../store/lmdb-store.js";
import { checkRecords } from "./check-records.js";

// The process that `inspectIndex` starts: what a damaged file does to it, it does to it alone.
const path = process.argv[2];
if (path === undefined) throw new Error("usage: inspect-child PATH");
const store = lmdbStore({ path, readOnly: true });
const reader = store.reader();
const health = checkRecords(path, reader);
reader.done();
await store.close();
process.stdout.write(JSON.stringify(health));
