import type { MERGE_OPTIONS } from "../../options/edit/edit-options.ts";
import type { Io } from "../../terminal/io.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { runEdit } from "./run-edit.ts";

type MergeGiven = Given<
	typeof MERGE_OPTIONS,
	{ readonly archive: readonly string[]; readonly target: string }
>;

export async function runMerge({ operands, values, settings }: MergeGiven, io: Io): Promise<number> {
	noticeCredentials(values, io);
	const { mergeZips } = await import("../../../edit/merge-zips.ts");
	const { archive, target } = operands;
	return runEdit(target, values, io, (told) => mergeZips(archive, target, { ...settings, ...told }));
}
