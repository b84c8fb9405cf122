import { readFile, writeFile } from "node:fs/promises";
import type { Grade } from "./cases/case.ts";
import type { Verdict } from "./judge.ts";

/** What the last runs found, kept beside the table that is made of it. */
export interface VerdictFile {
	/** Day of the last run of each grade. */
	readonly dates: Partial<Record<Grade, string>>;
	/** Versions of the readers at the last run. */
	readonly versions: Record<string, string>;
	/** By case, then by reader. */
	readonly verdicts: Record<string, Record<string, Verdict>>;
}

const PATH = new URL("./verdicts.json", import.meta.url);

export async function readVerdicts(): Promise<VerdictFile> {
	try {
		return JSON.parse(await readFile(PATH, "utf8")) as VerdictFile;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		return { dates: {}, versions: {}, verdicts: {} };
	}
}

export async function writeVerdicts(file: VerdictFile): Promise<void> {
	await writeFile(PATH, `${JSON.stringify(file, undefined, "\t")}\n`);
}
