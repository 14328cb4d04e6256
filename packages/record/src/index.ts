export { type FileTracesOptions, fileTraces } from "./file-traces.js";
export { type VerifiedFile, type VerifyFilesOptions, verifyTraceFiles } from "./verify-trace-files.js";
