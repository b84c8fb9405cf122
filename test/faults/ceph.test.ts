import {
	DeleteObjectCommand,
	ListObjectVersionsCommand,
	PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contractClient } from "../s3/contract-bucket.ts";
import { serverName } from "../s3/servers.ts";
import { TestArchives } from "./archive.ts";
import { observe } from "./observe.ts";
import { runZipferry, uploadArguments, useCredentials } from "./run-zipferry.ts";
import { failsWith, type Scenario } from "./scenario.ts";
import { scenarioSuite } from "./scenario-suite.ts";
import { CLEANUP_SCENARIOS } from "./scenarios/cleanup.ts";
import { CONNECTION_SCENARIOS } from "./scenarios/connection.ts";
import { INTEGRITY_SCENARIOS, OTHER_SIZE } from "./scenarios/integrity.ts";
import { OUTCOME_SCENARIOS } from "./scenarios/outcome.ts";
import { violations } from "./violations.ts";
import { withWorld } from "./with-world.ts";

/** What depends on the server behind the proxy: unknown outcomes, cleaning up, damaged parts. */
const ROWS = new Set(["B14", "B23", "B25", "B27", "B31", "B32", "B33", "B35"]);
const FAULTS = [/^RST at the body/, /^500 at UploadPart/, /^the server hangs at a part: body/];

const scenarios = [CLEANUP_SCENARIOS, CONNECTION_SCENARIOS, INTEGRITY_SCENARIOS, OUTCOME_SCENARIOS]
	.flat()
	.filter(({ row, fault }) => ROWS.has(row) || FAULTS.some((pattern) => pattern.test(fault)))
	.filter(({ fault }) => !/as on AWS/.test(fault))
	.map((scenario): Scenario => {
		// Ceph answers InternalError to a Complete of an upload that is not there; nothing is left either way.
		const other = scenario.row === "B14" && /before Complete/.test(scenario.fault);
		return other ? { ...scenario, expected: failsWith(6, /InternalError/) } : scenario;
	});

/** Only where `ZIPFERRY_TEST_S3=ceph` says that there is one. */
describe.skipIf(serverName() !== "ceph")("Ceph RGW", () => {
	scenarioSuite("an upload to Ceph RGW on a bad day", scenarios);

	describe("with versions", () => {
		let archives: TestArchives;
		beforeAll(async () => {
			archives = await TestArchives.create();
		});
		afterAll(() => archives?.remove());

		it("B24 brings back the version before when the new one is not what was sent", async () => {
			const archive = archives.of("parts");
			await withWorld({ rules: [{ operation: "HeadObject", fault: OTHER_SIZE }] }, async (world) => {
				const VersioningConfiguration = { Status: "Enabled" } as const;
				const client = contractClient(world.server);
				const Bucket = world.bucket.name;
				await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
				useCredentials(world);
				const seen = await observe(world, archive, () =>
					runZipferry(uploadArguments(world, archive), 30_000),
				);
				const expected = failsWith(
					7,
					/is not what was sent.*version \S+ was deleted; the previous version is current again/,
				);
				expect(violations(seen, { expected }, world.known(archive))).toEqual([]);
				// A bucket that keeps versions is empty only without any of them.
				const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
				expect(Versions.map(({ IsLatest }) => IsLatest)).toEqual([true]);
				for (const { Key, VersionId } of Versions)
					await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
			});
		});
	});
});
