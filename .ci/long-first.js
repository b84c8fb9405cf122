import { relative } from "node:path";
import { BaseSequencer } from "vitest/node";

/** Files that take longest with their slow tests, in about that order. */
const LONG = [
	"test/conformance/conformance.test.ts",
	"test/shards/beyond-4-gib.test.ts",
	"test/examples/pages.test.ts",
	"test/queue/workers-that-go.test.ts",
	"test/backup/retention/restic.test.ts",
	"test/backup/run/many-runs.test.ts",
	"test/shards/flow-faults.test.ts",
	"test/golden/golden.test.ts",
	"test/zip64/entry-size.test.ts",
	"test/faults/workers/chaos.test.ts",
	"test/http/many-clients.test.ts",
	"test/verify/flipped-byte.test.ts",
	"test/faults/backup-soak.test.ts",
	"test/upload/base/three-nights.test.ts",
	"test/faults/copying/kill.test.ts",
];

/**
 * Begins with the files that take long, so that none of them is still under way alone when all others have ended.
 *
 * Vitest does that with what it remembers, which on a fresh machine is how long the quick tests of a file took.
 */
export class LongFirst extends BaseSequencer {
	/**
	 * @override
	 * @param {import("vitest/node").TestSpecification[]} files
	 */
	async sort(files) {
		const { root } = this.ctx.config;
		/** @param {import("vitest/node").TestSpecification} file */
		const placeOf = ({ moduleId }) => {
			const place = LONG.indexOf(relative(root, moduleId));
			return place < 0 ? LONG.length : place;
		};
		const sorted = await super.sort(files);
		return sorted.sort((left, right) => placeOf(left) - placeOf(right));
	}
}
