import type { ZipferryEvent } from "../../../events.ts";
import type { Progress } from "./progress.ts";

/** Shown like the making of an archive: what has been written is what has arrived. */
export function showExtraction(event: ZipferryEvent, progress: Progress): Promise<void> | undefined {
	if (event.type === "extract-planned") {
		const { entryCount, size } = event;
		const facts = { entryCount, sourceSize: size, sizeBound: size, zip64: false };
		return progress.onEvent({ type: "planned", ...facts, partSize: undefined, maxPartCount: undefined });
	}
	if (event.type !== "extract-progress") return progress.onEvent(event);
	const { writtenSize, entryCount, path: entryName } = event;
	const uploaded = { uploadedSize: 0, resumedSize: 0, copiedSize: 0 };
	const sizes = { readSize: writtenSize, archiveSize: writtenSize, ...uploaded };
	return progress.onEvent({ type: "progress", entryCount, entryName, ...sizes });
}
