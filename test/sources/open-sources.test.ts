import { expect, it } from "vitest";
import { DEFAULT_LOOK_AHEAD } from "../../src/sources/entry-source.ts";
import { lookAheadOf, openSources } from "../../src/sources/open-sources.ts";
import { sourceSettings } from "../support/settings.ts";

it("looks ahead as far as the source that needs it most", async () => {
	const [disk] = await openSources(["."], sourceSettings(), 0);
	if (disk === undefined) throw new Error("there is one source");
	const far = { ...disk, lookAhead: { count: 64, size: 1000 } };
	expect(lookAheadOf([disk])).toEqual(DEFAULT_LOOK_AHEAD);
	expect(lookAheadOf([disk, far])).toEqual({ count: 64, size: DEFAULT_LOOK_AHEAD.size });
	expect(lookAheadOf([far])).toEqual(far.lookAhead);
});
