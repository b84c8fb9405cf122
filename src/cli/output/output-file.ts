import { constants } from "node:fs";
import { realpath } from "node:fs/promises";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { destination } from "../../archive/output/destination.ts";
import { draftOf, removeStaleDrafts, writeFile } from "../../archive/output/draft.ts";
import { nameOf, refuseFile } from "../../archive/output/links.ts";
import { abortable } from "../../async/abortable.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { RunFailure } from "../run-failure.ts";
import { type Io, writeLine } from "../terminal/io.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { Interrupted } from "../terminal/signals.ts";
import { printable } from "../terminal/text.ts";
import { type ByteSink, descriptorSink, openDescriptor } from "./byte-sink.ts";
import { type OutputTarget, resolveTarget } from "./output-target.ts";

/** How often it is looked whether somebody reads a FIFO now; the system does not tell. */
const READER_INTERVAL_MS = 50;

/** The destination of an archive, or of something else that is nothing in parts. */
export interface Output {
	/** Files that come into being with it and must not end up inside it. */
	readonly ownPaths: readonly string[];
	/** Whether it is stdout, under any name. */
	readonly isStdout: boolean;
	/** Takes away what runs that were killed have left of it. */
	tidyUp(quiet: boolean): Promise<void>;
	/** @throws what says of the archive how much of it is there. */
	write(chunks: AsyncIterable<Uint8Array>): Promise<void>;
	/** What a run that is stopped before it writes anything leaves. */
	readonly untouched: string;
}

/**
 * A file, a FIFO, a device, or stdout for `-`. Nothing is opened before the first write.
 *
 * @param noClobber - A file that is there stays.
 * @param incomplete - What a FIFO, a device or stdout has got if not all of it could be written.
 * @throws {DestinationError} if nothing can be written under that name, or a file is there that must stay.
 */
export async function openOutput(
	target: string,
	noClobber: boolean,
	io: Io,
	incomplete = "an incomplete archive",
): Promise<Output> {
	const found = await resolveTarget(target);
	if (noClobber && found.kind !== "descriptor") await refuseFile(target, found.path);
	if (found.kind !== "file") return outputInPlace(target, found, incomplete, io);
	const { path } = found;
	const draft = draftOf(path);
	const place = { path, draft, name: nameOf(target, path), noClobber };
	return {
		ownPaths: [target, path, draft],
		isStdout: false,
		async tidyUp(quiet) {
			await removeStaleDrafts(path, (kind, message) => {
				if (kind === "warning") writeLine(io.stderr, `warning: ${printable(message)}`);
				else if (!quiet) writeLine(io.stderr, printable(message));
			});
		},
		untouched: `nothing was written to ${target}`,
		write: (chunks) =>
			writeFile(place, chunks, () =>
				io.mayLeave({
					what: `the draft ${draft}`,
					stopping: "removing the draft",
					removal: `rm ${shellWord(draft)} removes it`,
				}),
			),
	};
}

type InPlace = Exclude<OutputTarget, { readonly kind: "file" }>;

/** Written to as it is: what has been taken by then cannot be taken back. */
async function outputInPlace(target: string, found: InPlace, incomplete: string, io: Io): Promise<Output> {
	const isStdout = found.kind === "descriptor" && found.fd === 1;
	const name = isStdout ? "stdout" : target;
	let wrote = false;
	return {
		ownPaths: await fileBehind(found),
		isStdout,
		untouched: `nothing was written to ${name}`,
		async tidyUp() {},
		async write(chunks) {
			const sink = isStdout ? io.stdout.sink : await destination(name, openInPlace(found, io));
			try {
				// The reader of a pipe may stop reading: no wait for it may outlast the run.
				for await (const chunk of chunks) {
					wrote = true;
					await abortable(destination(name, sink.write(chunk)), io.signal);
				}
				await destination(name, sink.end());
			} catch (failure) {
				await nextTurn(); // Ctrl-C stops the reader as well, and may be noticed by that first
				const error: unknown = io.signal.aborted ? io.signal.reason : failure;
				if (!wrote) throw error;
				const left = `${incomplete} was written to ${name}`;
				throw error instanceof Interrupted ? error.saying(left) : new RunFailure(error, left);
			}
		},
	};
}

async function openInPlace(found: InPlace, { signal }: Io): Promise<ByteSink> {
	switch (found.kind) {
		case "descriptor":
			return descriptorSink(found.fd);
		case "fifo":
			return descriptorSink(await openFifo(found.path, signal));
		case "device":
			return descriptorSink(await openDescriptor(found.path, constants.O_WRONLY | constants.O_TRUNC));
	}
}

/** Waits for a reader as others do, but not in a call: one that blocks could not be ended by a signal. */
async function openFifo(path: string, signal: AbortSignal): Promise<number> {
	for (;;) {
		try {
			return await openDescriptor(path, constants.O_WRONLY | constants.O_NONBLOCK);
		} catch (error) {
			if (errorCode(error) !== "ENXIO") throw error;
		}
		await abortable(delay(READER_INTERVAL_MS), signal);
	}
}

/** The file that a descriptor leads to, as the shell has opened it for `> file`, where the system tells. */
async function fileBehind(found: InPlace): Promise<string[]> {
	if (found.kind !== "descriptor") return [];
	const path = await realpath(`/proc/self/fd/${found.fd}`).catch(() => undefined);
	return path === undefined ? [] : [path];
}
