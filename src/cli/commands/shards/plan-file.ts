import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { DestinationError, messageOf } from "../../../errors.ts";
import { manifestKey } from "../../../shards/shard-keys.ts";
import type { ShardPlan } from "../../../shards/shard-plan.ts";

/** A file that a plan is to be written into. */
export interface PlanFile {
	/** As it was given. */
	readonly path: string;
	/** Puts the plan into its place, all of it. */
	write(plan: ShardPlan): Promise<void>;
	/** Removes what was begun, if nothing was written. */
	close(): Promise<void>;
}

/**
 * Begins a file for a plan. Whether it can be written shows before anything is planned.
 *
 * @throws {DestinationError}
 */
export async function planFile(path: string): Promise<PlanFile> {
	// In containers the number of the process is mostly the same: a draft that was left by one that was killed must not be in the way.
	const draft = `${path}.${randomBytes(4).toString("hex")}.tmp`;
	let handle: FileHandle | undefined;
	try {
		const there = await stat(path).catch(() => undefined);
		if (there?.isFile() === false) throw new Error("it is there, and no file");
		handle = await open(draft, "wx");
	} catch (error) {
		throw new DestinationError(`cannot write the plan to ${path}: ${messageOf(error)}`, error);
	}
	const close = async () => {
		await handle?.close();
		handle = undefined;
	};
	return {
		path,
		async write(plan) {
			try {
				await handle?.writeFile(`${JSON.stringify(plan)}\n`);
				await handle?.sync();
				await close();
				await rename(draft, path);
			} catch (error) {
				const kept = `s3://${plan.bucket}/${manifestKey(plan)}`;
				throw new DestinationError(
					`cannot write the plan to ${path}: ${messageOf(error)}; the archive is planned all the same, as ${kept}`,
					error,
				);
			}
		},
		async close() {
			await close();
			await rm(draft, { force: true });
		},
	};
}
