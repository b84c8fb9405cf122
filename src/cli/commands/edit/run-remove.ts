import type { REMOVE_OPTIONS } from "../../options/edit/edit-options.ts";
import type { Io } from "../../terminal/io.ts";
import type { Given } from "../command.ts";
import { noticeCredentials } from "../connect-notices.ts";
import { runEdit } from "./run-edit.ts";

type RemoveGiven = Given<
	typeof REMOVE_OPTIONS,
	{ readonly archive: string; readonly pattern: readonly string[] }
>;

export async function runRemove({ operands, values, settings }: RemoveGiven, io: Io): Promise<number> {
	noticeCredentials(values, io);
	const { removeFromZip } = await import("../../../edit/remove-from-zip.ts");
	const { archive, pattern } = operands;
	return runEdit(archive, values, io, (told) => removeFromZip(archive, pattern, { ...settings, ...told }));
}
