import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ZipferryEvent } from "../../src/events.ts";

const SCRIPT = fileURLToPath(new URL("./zip-child.ts", import.meta.url));
/** Enough for Node to start, and to compile the sources all at once when they have changed. */
const DESCRIPTOR_LIMIT = 1024;

export interface ChildTask {
	readonly paths: readonly string[];
	readonly skipErrors?: boolean;
	/** Gives up the rights of root, if it has them, before the first file is touched. */
	readonly asNobody?: boolean;
	/** File descriptors that are left free. */
	readonly freeDescriptors?: number;
}

export interface ChildResult {
	readonly names: readonly string[];
	readonly events: readonly ZipferryEvent[];
	readonly error: { readonly name: string; readonly code: string; readonly message: string } | undefined;
}

/** Zips paths in a process of its own, which can do without rights or descriptors that the tests need. */
export async function zipInChild(task: ChildTask): Promise<ChildResult> {
	const node = [process.execPath, "--import", "tsx", SCRIPT, JSON.stringify(task)];
	const child = spawn("sh", ["-c", `ulimit -n ${DESCRIPTOR_LIMIT} && exec "$@"`, "sh", ...node], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	let output = "";
	for await (const chunk of child.stdout.setEncoding("utf8")) output += chunk;
	return JSON.parse(output) as ChildResult; // written by zip-child.ts
}
