import { threadScript } from "../../../async/worker-channel.ts";

/** The script of the threads that read files and make runs of them. */
export const RUN_SCRIPT: URL = scriptBeside(import.meta.url);

/** It is TypeScript where this module is. */
function scriptBeside(moduleUrl: string | undefined): URL {
	return threadScript(moduleUrl?.endsWith(".ts") ? "./run-worker.ts" : "./run-worker.js", moduleUrl);
}
