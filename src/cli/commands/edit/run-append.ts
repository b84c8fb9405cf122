import type { APPEND_OPTIONS } from "../../options/edit/edit-options.ts";
import type { Io } from "../../terminal/io.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { archiveSettings } from "../write/archive-settings.ts";
import { namedSources, type SourceOperands } from "../write/named-sources.ts";
import { noteMaxMtime } from "../write/source-date-epoch.ts";
import { runEdit } from "./run-edit.ts";

type AppendGiven = Given<typeof APPEND_OPTIONS, SourceOperands & { readonly archive: string }>;

export async function runAppend(given: AppendGiven, io: Io): Promise<number> {
	const { operands, values } = given;
	noticeCredentials(values, io);
	const sources = await namedSources(given, io);
	const archive = await archiveSettings(given, io);
	noteMaxMtime(archive.maxMtime, values.quiet, io);
	const { appendToZip } = await import("../../../edit/append-to-zip.ts");
	return runEdit(
		operands.archive,
		values,
		io,
		(told) => appendToZip(operands.archive, sources, { ...archive, ...told }),
		{ maxMtime: archive.maxMtime },
	);
}
