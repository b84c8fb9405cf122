import { chmod, lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as nodePath from "node:path";
import { DestinationError } from "../../errors.ts";
import { systemReason } from "../../sources/files/describe-file.ts";

/** Where drills restore to. */
export interface ScratchOptions {
	/** Directory in which it is made; by default that of the system for temporary files. */
	readonly parent: string | undefined;
	/** Told of its path when it is there, and of `undefined` when it is gone. */
	readonly onScratch: (path: string | undefined) => void;
}

/**
 * Makes a directory that nobody else can look into, and removes it and all that is in it when the work is done, has failed or was stopped.
 *
 * @throws {DestinationError} if it cannot be made, or removed after work that went well.
 */
export async function withScratch<Result>(
	{ parent = tmpdir(), onScratch }: ScratchOptions,
	work: (path: string) => Promise<Result>,
): Promise<Result> {
	const path = await mkdtemp(nodePath.join(parent, "zipferry-drill-")).catch((error: unknown) => {
		throw new DestinationError(`cannot make a scratch directory in ${parent}: ${systemReason(error)}`, error);
	});
	onScratch(path);
	let result: Result;
	try {
		result = await work(path);
	} catch (error) {
		await remove(path).then(
			() => onScratch(undefined),
			() => {},
		); // the failure of the work is the one to tell
		throw error;
	}
	try {
		await remove(path);
	} catch (error) {
		throw new DestinationError(`cannot remove the scratch directory ${path}: ${systemReason(error)}`, error);
	}
	onScratch(undefined);
	return result;
}

async function remove(path: string): Promise<void> {
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
