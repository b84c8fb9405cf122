import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SCRIPT = fileURLToPath(new URL("./names-child.ts", import.meta.url));
/** Little enough that the garbage collector cannot put its work off. */
const HEAP = ["--max-old-space-size=64", "--max-semi-space-size=1"];

/** What a process needs to plan an archive of very many names in one directory. */
export interface NamesMeasured {
	/** Entries of the first archive. */
	readonly few: number;
	/** Entries of the second one. */
	readonly many: number;
	/** By how many bytes the second one took the peak of the process up. */
	readonly growth: number;
}

/** @param directory - Where to make the directories with that many names. */
export async function measureNames(directory: string, few: number, many: number): Promise<NamesMeasured> {
	const node = [...HEAP, "--import", "tsx", SCRIPT, directory, String(few), String(many)];
	const { stdout } = await promisify(execFile)(process.execPath, node);
	return JSON.parse(stdout) as NamesMeasured; // written by names-child.ts
}
