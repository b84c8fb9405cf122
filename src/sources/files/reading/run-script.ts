/** The script of the threads that read files and make runs of them. */
export const RUN_SCRIPT: URL = new URL(
	import.meta.url.endsWith(".ts") ? "./run-worker.ts" : "./run-worker.js",
	import.meta.url,
);
