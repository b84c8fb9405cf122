import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as nodePath from "node:path";
import { DestinationError } from "../../errors.ts";
import { systemReason } from "../../sources/files/describe-file.ts";
import { draftName } from "../../sources/files/drafts/drafts.ts";
import { markOfThisProcess } from "../../sources/files/drafts/process-mark.ts";
import { staleScratches } from "./stale-scratches.ts";

/** Beginning of the names of scratch directories; their ends say which process has made them. */
const SCRATCH_NAME = "zipferry-drill-";

/** Where drills restore to. */
export interface ScratchOptions {
	/** Directory in which it is made; by default that of the system for temporary files. */
	readonly parent: string | undefined;
	/** Told of its path when it is there, and of `undefined` when it is gone. */
	readonly onScratch: (path: string | undefined) => void;
	/** Told what drills that were killed had left: the path, and why it could not be removed if so. */
	readonly onStale: (path: string, problem: string | undefined) => void;
}

/**
 * Makes a directory that nobody else can look into, and removes it and all that is in it when the work is done, has failed or was stopped.
 * Removes those that drills have left which were killed.
 *
 * @throws {DestinationError} if it cannot be made, or removed after work that went well.
 */
export async function withScratch<Result>(
	{ parent = tmpdir(), onScratch, onStale }: ScratchOptions,
	work: (path: string) => Promise<Result>,
): Promise<Result> {
	for (const stale of await staleScratches(parent, SCRATCH_NAME))
		await removeTree(stale).then(
			() => onStale(stale, undefined),
			(error: unknown) => onStale(stale, systemReason(error)),
		);
	const path = await makeScratch(parent);
	onScratch(path);
	let result: Result;
	try {
		result = await work(path);
	} catch (error) {
		await removeTree(path).then(
			() => onScratch(undefined),
			() => {}, // the failure of the work is the one to tell; who was told of the path knows that it is still there
		);
		throw error;
	}
	try {
		await removeTree(path);
	} catch (error) {
		throw unusable(`cannot remove the scratch directory ${path}`, error);
	}
	onScratch(undefined);
	return result;
}

async function makeScratch(parent: string): Promise<string> {
	const name = draftName(`${SCRATCH_NAME}${randomBytes(4).toString("hex")}`, markOfThisProcess());
	const path = nodePath.join(parent, name);
	try {
		await mkdir(path, { mode: 0o700 });
	} catch (error) {
		throw unusable(`cannot make a scratch directory in ${parent}`, error);
	}
	return path;
}

function unusable(problem: string, error: unknown): DestinationError {
	return new DestinationError(`${problem}: ${systemReason(error)}`, error);
}

async function removeTree(path: string): Promise<void> {
	await openUp(path);
	await rm(path, { recursive: true, force: true });
}

/** Restored directories may be closed to their owner, who could neither look into them nor empty them then. Root can. */
export async function openUp(path: string | Buffer): Promise<void> {
	if (process.getuid?.() === 0) return;
	await chmod(path, 0o700);
	for (const entry of await readdir(path, { withFileTypes: true, encoding: "buffer" })) {
		const below = Buffer.concat([Buffer.from(path), Buffer.from("/"), entry.name]);
		if (entry.isDirectory()) await openUp(below);
		else if (entry.isFile() && ((await lstat(below)).mode & 0o400) === 0) await chmod(below, 0o600);
	}
}
