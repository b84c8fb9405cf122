import type { TestArchive } from "./archive.ts";
import type { Passed } from "./proxy.ts";
import type { FaultWorld, StoredObject } from "./world.ts";

/** How a run has ended, and what it has left. */
export interface Observation {
	/** `undefined`: it did not end. */
	readonly exitCode: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
	readonly object: StoredObject;
	/** Ids of incomplete uploads. */
	readonly uploads: readonly string[];
	readonly elapsedMs: number;
	readonly passed: readonly Passed[];
}

/** What a program said and with which code it ended. */
export interface Ended {
	readonly exitCode: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
}

/** Looks at everything a run may have left behind. */
export async function observe(
	world: FaultWorld,
	archive: TestArchive,
	run: () => Promise<Ended>,
): Promise<Observation> {
	const startedAt = performance.now();
	const ended = await run();
	const elapsedMs = performance.now() - startedAt;
	return {
		...ended,
		elapsedMs,
		object: await world.storedObject(archive),
		uploads: await world.incompleteUploads(),
		passed: [...world.proxy.passed],
	};
}
