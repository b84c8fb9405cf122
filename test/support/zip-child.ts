import { closeSync, openSync, writeSync } from "node:fs";
import { ZipStream } from "../../src/archive/zip-stream.ts";
import type { ZipferryEvent } from "../../src/events.ts";
import { collect } from "./bytes.ts";
import type { ChildResult, ChildTask } from "./child.ts";
import { inspectArchive } from "./inspect-archive.ts";

const NOBODY = 65_534;

async function run(task: ChildTask): Promise<ChildResult> {
	const events: ZipferryEvent[] = [];
	try {
		const zip = new ZipStream({
			skipErrors: task.skipErrors === true,
			onEvent: (event) => events.push(event),
		});
		for (const path of task.paths) zip.addPath(path);
		const { entries } = inspectArchive(await collect(zip));
		return { names: entries.map(({ name }) => name), events, error: undefined };
	} catch (error) {
		const { name, message, code = "" } = error as Error & { code?: string };
		return { names: [], events, error: { name, message, code } };
	}
}

function takeAllDescriptorsBut(free: number): void {
	const taken: number[] = [];
	try {
		for (;;) taken.push(openSync("/dev/null", "r"));
	} catch {
		for (const descriptor of taken.slice(taken.length - free)) closeSync(descriptor);
	}
}

const task = JSON.parse(process.argv[2] ?? "") as ChildTask; // from child.ts
if (task.asNobody === true && process.getuid?.() === 0) {
	process.setgroups?.([]);
	process.setgid?.(NOBODY);
	process.setuid?.(NOBODY);
}
if (task.freeDescriptors !== undefined) takeAllDescriptorsBut(task.freeDescriptors);
writeSync(1, JSON.stringify(await run(task)));
