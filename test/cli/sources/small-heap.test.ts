import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { Source } from "../../../src/sources/source.ts";

const MODULE = new URL("../../../src/cli/sources/small-heap.ts", import.meta.url).href;

/** Bytes that the young generation has grown to, in a process that makes garbage. */
async function youngGeneration(sources: readonly Source[]): Promise<{ size: number; stderr: string }> {
	const program = `
		import { keepHeapSmall } from ${JSON.stringify(MODULE)};
		import { getHeapSpaceStatistics } from "node:v8";
		keepHeapSmall(${JSON.stringify(sources)});
		let kept = [];
		for (let i = 0; i < 3_000_000; i++) {
			kept.push({ i });
			if (kept.length > 100_000) kept = [];
		}
		const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
		console.log(space_size);`;
	const { stdout, stderr } = await promisify(execFile)(process.execPath, [
		...["--import", "tsx", "--input-type=module", "--eval", program],
	]);
	return { size: Number(stdout), stderr };
}

it("keeps the young generation small where sources are requested, and only there", async () => {
	const [local, bucket, archive] = await Promise.all([
		youngGeneration([{ path: "photos" }]),
		youngGeneration([{ path: "photos" }, { url: "s3://bucket/photos/" }]),
		youngGeneration([{ archive: "a.zip" }]),
	]);
	expect(local.size).toBeGreaterThan(2 * bucket.size);
	expect(local.size).toBeGreaterThan(2 * archive.size);
	expect(bucket.stderr).toBe("");
});
