import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, stat, unlink } from "node:fs/promises";
import * as nodePath from "node:path";
import type { WriteArchive } from "../create-zip.ts";
import { DestinationError } from "../errors.ts";
import type { Io } from "./io.ts";

/** Where an archive is written to. */
export interface Output {
	/** Files that come into being with it and must not end up inside it. */
	readonly ownPaths: readonly string[];
	readonly write: WriteArchive;
}

/** A file, or stdout for `-`. Nothing is opened before the first write. */
export function openOutput(target: string, io: Io): Output {
	if (target === "-") return { ownPaths: [], write: (chunks) => writeToStream(chunks, io.stdout) };
	const directory = nodePath.dirname(target);
	const draft = nodePath.join(
		directory,
		`.${nodePath.basename(target)}.${randomBytes(4).toString("hex")}.part`,
	);
	const onDraft = () => io.mayLeave(`the draft ${draft}`);
	return { ownPaths: [target, draft], write: (chunks) => writeToFile(chunks, target, draft, onDraft) };
}

async function writeToStream(chunks: AsyncIterable<Uint8Array>, stream: NodeJS.WriteStream): Promise<void> {
	for await (const chunk of chunks) await destination("stdout", writeChunk(stream, chunk));
}

/** Resolves when the chunk has been handed to the system. */
function writeChunk(stream: NodeJS.WriteStream, chunk: Uint8Array): Promise<void> {
	return new Promise((resolve, reject) => {
		stream.write(chunk, (error) => (error ? reject(error) : resolve()));
	});
}

/**
 * Writes beside the target and moves the finished archive into its place, so that there is never half an
 * archive under that name. Devices and pipes are written to as they are.
 */
async function writeToFile(
	chunks: AsyncIterable<Uint8Array>,
	target: string,
	draft: string,
	onDraft: () => void,
): Promise<void> {
	const existing = await stat(target).catch(() => undefined);
	if (existing?.isDirectory()) {
		throw new DestinationError(
			"DESTINATION_UNWRITABLE",
			`${target} is a directory; add the name of the archive`,
		);
	}
	const inPlace = existing !== undefined && !existing.isFile();
	const path = inPlace ? target : draft;
	const file = await destination(target, open(path, inPlace ? "w" : "wx"));
	if (!inPlace) onDraft();
	try {
		try {
			for await (const chunk of chunks) await destination(target, writeAll(file, chunk));
			if (!inPlace) await destination(target, file.datasync());
		} finally {
			await file.close();
		}
		if (!inPlace) await destination(target, rename(draft, target));
	} catch (error) {
		if (!inPlace) await unlink(draft).catch(() => {});
		throw error;
	}
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
	for (let offset = 0; offset < chunk.byteLength; ) {
		offset += (await file.write(chunk, offset)).bytesWritten;
	}
}

/** Tells a failure of the destination from one of the sources. */
async function destination<T>(target: string, action: Promise<T>): Promise<T> {
	try {
		return await action;
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new DestinationError("DESTINATION_UNWRITABLE", `cannot write ${target}: ${reason}`, error);
	}
}
