import type { BackupRow } from "../../../backup/archives/archive-rows.ts";
import type { ReportFacts } from "../../../backup/report/report-facts.ts";
import { reportedArchive } from "../../../backup/report/reported-archive.ts";
import { InvalidOptionError } from "../../../errors.ts";
import { openOutput } from "../../output/output-file.ts";
import type { Io } from "../../terminal/io.ts";
import { asInterrupted } from "../../terminal/signals.ts";

interface PageTelling {
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
}

/** Writes the page about the archives of a job: a file is replaced when the new one is complete, `-` is stdout. */
export interface PageOutput {
	/** @param rows - The newest first. */
	write(rows: readonly BackupRow[], about: Omit<ReportFacts, "archives">): Promise<void>;
}

/**
 * Looks at the destination of the page, and writes nothing yet.
 *
 * @throws {InvalidOptionError} if stdout is to have two things
 * @throws {DestinationError} if nothing can be written there
 */
export async function openPage(target: string, { json, quiet }: PageTelling, io: Io): Promise<PageOutput> {
	if (target === "") throw new InvalidOptionError("--html is empty; is a variable unset?");
	const output = await openOutput(target, false, io, "an incomplete page");
	if (output.isStdout && json === true) throw new InvalidOptionError("--json and a page cannot share stdout");
	return {
		async write(rows, about) {
			const { reportPage } = await import("../../../backup/report/report-page.ts");
			const archives = rows.map(reportedArchive).reverse();
			const page = Buffer.from(reportPage({ ...about, archives }));
			try {
				await output.tidyUp(quiet === true);
				await output.write(once(page));
				io.mayLeave(undefined);
			} catch (error) {
				throw asInterrupted(error, output.untouched);
			}
		},
	};
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
	yield chunk;
}
