import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Case, CaseSource } from "./cases/case.ts";
import { compareEntries } from "./compare.ts";
import type { Conditions, Reader, Verdict } from "./readers/reader.ts";
import { scanDirectory } from "./scan-directory.ts";

const TIMEOUT_MS: Readonly<Record<Case["depth"], number>> = { all: 180_000, read: 600_000, large: 600_000 };

/**
 * Shows an archive to a reader: read, compared, extracted, compared.
 *
 * @returns What is wrong; empty if nothing is.
 */
export async function tryReader(
	reader: Reader,
	{ depth, timeZone = "UTC" }: Case,
	{ entries, options }: CaseSource,
	archive: string,
	scratch: string,
): Promise<string[]> {
	const conditions: Conditions = { timeZone, hashing: depth !== "large", timeoutMs: TIMEOUT_MS[depth] };
	const read = await reader.check(archive, conditions);
	const problems = [...read.problems];
	if (reader.tells !== undefined && read.entries !== undefined && problems.length === 0) {
		problems.push(...compareEntries(entries, read.entries, reader.tells));
		if (reader.tells.comments === true) problems.push(...compareComment(read, options?.comment ?? ""));
	}
	if (reader.extract === undefined || reader.restores === undefined || depth !== "all") return problems;

	const directory = await mkdtemp(join(scratch, "out-"));
	try {
		const extracted = await reader.extract(archive, directory, conditions);
		const found = await scanDirectory(directory);
		return [...problems, ...extracted.problems, ...compareEntries(entries, found, reader.restores)];
	} finally {
		await chmod(directory, 0o700);
		await rm(directory, { recursive: true, force: true });
	}
}

function compareComment({ comment = "" }: Verdict, expected: string): string[] {
	return Buffer.from(comment, "hex").equals(Buffer.from(expected)) ? [] : ["the archive comment differs"];
}
