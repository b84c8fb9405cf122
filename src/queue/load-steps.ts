import type { ShardSteps } from "./shard-steps.ts";

/** The steps themselves, which bring the SDK along: loaded when one is taken. */
export function loadSteps(): ShardSteps {
	throw new Error("not merged yet");
}
