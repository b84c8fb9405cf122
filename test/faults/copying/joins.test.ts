import { setTimeout as delay } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { joinedKey } from "../../../src/sources/objects/helper-keys.ts";
import { startZipferry, zipferry } from "../../cli/zipferry.ts";
import { stopPrograms } from "../../support/program.ts";
import { BASE_KEY, CopyingWorld, NEW_KEY } from "./copying-world.ts";
import { JOIN_SCENARIOS } from "./join-scenarios.ts";
import { pass } from "./pass-scenario.ts";
import type { CopyingScenario } from "./scenarios.ts";

/** What is on its way when a program is killed has arrived by then. */
const ARRIVED_MS = 300;
const FIRST = joinedKey(NEW_KEY, 0, 0);
const LAST = joinedKey(NEW_KEY, 0, 1);

afterAll(stopPrograms);

const titled = (scenario: CopyingScenario) => [scenario.fault, scenario] as const;

describe("an archive for which short runs are joined while something goes wrong", () => {
	const quick = JOIN_SCENARIOS.filter(({ isQuick = false }) => isQuick);
	const others = JOIN_SCENARIOS.filter(({ isQuick = false }) => !isQuick);
	it.each(quick.map(titled))("%s", { timeout: 120_000 }, pass);
	it.each(others.map(titled))("%s", { timeout: 120_000, tags: "slow" }, pass);

	it.each([
		["the first temporary object is created", "CreateMultipartUpload", FIRST],
		["a run is copied", "UploadPartCopy", LAST],
		["all runs are joined", "UploadPartCopy", NEW_KEY],
	])("leaves nothing if it is cancelled when %s", { timeout: 120_000 }, async (_when, operation, key) => {
		const world = await CopyingWorld.open("plain", {}, true);
		try {
			const controller = new AbortController();
			world.hook = (request) => {
				if (request.operation === operation && request.key === key) controller.abort(new Error("stopped"));
				return undefined;
			};
			const { outcome } = await world.uploadWithBase(NEW_KEY, { joinRuns: true, signal: controller.signal });
			expect(outcome).toMatchObject({ status: "rejected", reason: { message: "stopped" } });
			expect(await world.keys()).toEqual([BASE_KEY]);
			expect(await world.incompleteUploads()).toEqual([]);
		} finally {
			await world.close();
		}
	});
});

describe("what earlier runs may have left", () => {
	it.each([
		[400, "InvalidArgument", 1],
		[403, "AccessDenied", 0],
	])(
		"is told of if looking for it is answered with %i, unless that is not allowed",
		{ timeout: 120_000 },
		async (status, code, warnings) => {
			const world = await CopyingWorld.open("plain", {}, true);
			try {
				world.hook = ({ operation }) =>
					operation === "ListObjectsV2" ? { status, code, message: "no" } : undefined;
				const { outcome, events } = await world.uploadWithBase(NEW_KEY, { joinRuns: true });
				expect(outcome).toMatchObject({ status: "fulfilled" });
				const told = events.filter((event) => event.type === "warning" && event.code === "HELPERS_LEFT");
				expect(told).toHaveLength(warnings);
			} finally {
				await world.close();
			}
		},
	);
});

describe("an upload that is killed while short runs are joined", { timeout: 120_000, tags: "slow" }, () => {
	it.each([
		["a run is copied into the first temporary object", "UploadPartCopy", FIRST],
		["the second one is completed", "CompleteMultipartUpload", LAST],
		["the first one is removed", "DeleteObject", FIRST],
		["the archive is created", "CreateMultipartUpload", NEW_KEY],
	])("leaves nothing behind the run that follows, when %s", async (_when, operation, key) => {
		const world = await CopyingWorld.open("plain", {}, true);
		try {
			const args = ["upload", world.tree, world.url(NEW_KEY), "--base", world.url(BASE_KEY)];
			args.push("--join-runs", "--ignore-ctime", "--method", "store", "--no-progress");
			let reach = () => {};
			const reached = new Promise<void>((resolve) => {
				reach = resolve;
			});
			world.hook = (request) => {
				if (request.operation !== operation || request.key !== key) return undefined;
				reach();
				return { hang: true };
			};
			const program = startZipferry(args, { env: world.env });
			await Promise.race([reached, program.ended]);
			program.kill("SIGKILL");
			await program.ended;
			await delay(ARRIVED_MS);
			world.hook = () => undefined;
			expect(await world.held(NEW_KEY)).toBe("nothing");
			expect([...(await world.temporary()), ...(await world.incompleteUploads())]).not.toEqual([]);
			const { exitCode, stderr } = await zipferry(args, { env: world.env });
			expect(exitCode, stderr).toBe(0);
			expect(await world.held(NEW_KEY)).toBe("archive");
			expect(await world.keys()).toEqual([BASE_KEY, NEW_KEY]);
			// That of the archive itself is told of, as without a base.
			expect((await world.incompleteUploads()).filter((left) => left !== NEW_KEY)).toEqual([]);
		} finally {
			await world.close();
		}
	});
});
