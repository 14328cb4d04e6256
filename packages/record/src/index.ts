export { type FileTracesOptions, fileTraces } from "./file-traces.js";
export { type ReadTraceFileOptions, readTraceFile } from "./read-trace-file.js";
export { receiptFile } from "./receipt-file.js";
export { type VerifiedFile, type VerifyFilesOptions, verifyTraceFiles } from "./verify-trace-files.js";
