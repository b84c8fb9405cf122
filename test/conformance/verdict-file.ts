import { readFile, writeFile } from "node:fs/promises";
import type { Verdict } from "./judge.ts";

/** What the readers made of a case when it was last run. */
interface CaseVerdicts {
	/** Day of the run, as in 2026-11-22. */
	readonly date: string;
	/** By reader. */
	readonly verdicts: Record<string, Verdict>;
}

/** What the last runs found, kept beside the table that is made of it. */
export interface VerdictFile {
	/** Versions of the readers at the last run. */
	readonly versions: Record<string, string>;
	/** By the name of the case. */
	readonly cases: Record<string, CaseVerdicts>;
}

const PATH = new URL("./verdicts.json", import.meta.url);

export async function readVerdicts(): Promise<VerdictFile> {
	try {
		return JSON.parse(await readFile(PATH, "utf8")) as VerdictFile;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		return { versions: {}, cases: {} };
	}
}

export async function writeVerdicts(file: VerdictFile): Promise<void> {
	await writeFile(PATH, `${JSON.stringify(file, undefined, "\t")}\n`);
}
