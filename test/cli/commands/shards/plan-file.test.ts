import { mkdir, readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { planFile } from "../../../../src/cli/commands/shards/plan-file.ts";
import type { ShardPlan } from "../../../../src/shards/shard-plan.ts";
import { useTempDirectory } from "../../../support/temp-directory.ts";

const directory = useTempDirectory();
const PLAN: ShardPlan = {
	...{ version: 1, id: "0".repeat(32), bucket: "b", key: "a.zip", uploadId: "u" },
	...{ shardCount: 1, entryCount: 1, sourceSize: 1 },
};

describe("planFile", () => {
	it("refuses a place where a rename would fail or replace a device, before anything is planned", async () => {
		await mkdir(directory.path("plans"));
		for (const path of [directory.path("plans"), "/dev/null"])
			await expect(planFile(path)).rejects.toThrow(
				`cannot write the plan to ${path}: it is there, and no file`,
			);
		expect(await readdir(directory.path())).toEqual(["plans"]);
	});

	it("is not hindered by the draft of a killed process that had the same number", async () => {
		const path = directory.path("plan.json");
		await directory.write({ [`plan.json.${process.pid}.tmp`]: "left", "plan.json": "before" });
		const file = await planFile(path);
		await file.write(PLAN);
		await file.close();
		expect(JSON.parse(await readFile(path, "utf8"))).toEqual(PLAN);
	});
});
