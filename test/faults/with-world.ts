import { FaultWorld, type WorldOptions } from "./world.ts";

/** Runs with a world that is closed whatever happens. */
export async function withWorld<T>(
	options: WorldOptions,
	run: (world: FaultWorld) => Promise<T>,
): Promise<T> {
	const world = await FaultWorld.open(options);
	try {
		return await run(world);
	} finally {
		await world.close();
	}
}
